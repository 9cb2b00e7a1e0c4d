package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.MigrationPolicy;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries, and then moves, the data. */
public final class TransferJob {
  /** Answers 200 once the marker is committed, for as long as the source is locked. */
  private static final int READY_PORT = 8080;

  private TransferJob() {}

  /**
   * Reads the live source and tries every value; writes nothing.
   *
   * @param derive whether no schema is made beforehand
   * @param node where the application's pod runs, because the volume can be mounted by one node
   *     only
   */
  public static Job preflight(Move move, boolean derive, @Nullable String node) {
    List<String> args = args(move, derive);
    args.add("--dry-run");
    PodSpec pod = pod(move, runner(move, args));
    return move.job(JobRole.PREFLIGHT, node == null ? pod : pinned(pod, node), 2);
  }

  /**
   * Locks the source, copies and compares, commits the marker with the data, and holds the lock
   * until its Job is deleted. Another try finds the marker of one that committed.
   *
   * @param derive whether no schema was made beforehand
   */
  public static Job transfer(Move move, boolean derive) {
    List<String> args = args(move, derive);
    args.addAll(List.of("--operation", move.uid(), "--hold"));
    Container runner =
        runner(move, args)
            .edit()
            .addNewPort()
            .withName("ready")
            .withProtocol("TCP")
            .withContainerPort(READY_PORT)
            .endPort()
            .withNewReadinessProbe()
            .withNewHttpGet()
            .withPath("/ready")
            .withNewPort(READY_PORT)
            .endHttpGet()
            .withPeriodSeconds(1)
            .endReadinessProbe()
            .build();
    PodSpec pod = pod(move, runner).edit().withTerminationGracePeriodSeconds(15L).build();
    return move.job(JobRole.TRANSFER, pod, 6);
  }

  private static List<String> args(Move move, boolean derive) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "transfer",
                "--from",
                move.sourceUrl(),
                "--to",
                move.targetUrl(),
                "--replace-target-rows",
                "--snapshot-dir",
                JobTemplate.DATA_DIRECTORY + "/.wharfinger",
                "--progress",
                "json",
                "--report",
                "/tmp/report.json"));
    if (derive) {
      args.addAll(List.of("--schema", "derive"));
    }
    for (MigrationPolicy policy : move.policies()) {
      policy.argument().ifPresent(text -> args.addAll(List.of("--policy", text)));
    }
    return args;
  }

  private static Container runner(Move move, List<String> args) {
    return JobTemplate.runner(move.model().operatorImage(), args, move.password());
  }

  private static PodSpec pod(Move move, Container container) {
    return JobTemplate.withData(
        JobTemplate.pod(container, move.model()), move.model().names().dataClaim());
  }

  private static PodSpec pinned(PodSpec pod, String node) {
    return pod.edit()
        .withNewAffinity()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .withNodeSelectorTerms(
            new NodeSelectorTermBuilder()
                .withMatchFields(new NodeSelectorRequirement("metadata.name", "In", List.of(node)))
                .build())
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .build();
  }
}
