package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.Large;
import dev.wharfinger.api.v1alpha1.MigrationPolicy;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries, and then moves, the data. */
public final class TransferJob {
  /** Answers 200 once the marker is committed, for as long as the source is locked. */
  private static final int READY_PORT = 8080;

  /** What stands on PostgreSQL before the data comes. */
  public enum Target {
    /** Nothing: the schema is derived. */
    EMPTY,
    /** The schema that somebody made. */
    SCHEMA,
    /** Schema and data of a move before, whose data has gone to SQLite since. */
    RETAINED;

    private List<String> arguments() {
      return switch (this) {
        case EMPTY -> List.of("--schema", "derive");
        case SCHEMA -> List.of();
        case RETAINED -> List.of("--replace-former-transfer");
      };
    }
  }

  private TransferJob() {}

  /**
   * Reads the live source and tries every value; writes nothing.
   *
   * @param target how what stands on the target is taken
   * @param place where the application's pod runs, because the volume can be mounted by one node
   *     only
   */
  public static Job preflight(Move move, Target target, @Nullable Place place) {
    List<String> args = args(move, target);
    args.add("--dry-run");
    PodSpec pod = pod(move, runner(move, args));
    return move.job(JobRole.PREFLIGHT, place == null ? pod : JobTemplate.pinned(pod, place), 2);
  }

  /**
   * Locks the source, copies and compares, commits the marker with the data, and holds the lock
   * until its Job is deleted. Another try finds the marker of one that committed.
   *
   * @param target how what stands on the target is taken
   */
  public static Job transfer(Move move, Target target) {
    List<String> args = args(move, target);
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

  private static List<String> args(Move move, Target target) {
    List<String> args =
        new ArrayList<>(
            List.of(
                move.rollback() ? "rollback" : "transfer",
                "--from",
                move.sourceUrl(),
                "--to",
                move.targetUrl()));
    if (!move.backward()) {
      args.addAll(
          List.of(
              "--replace-target-rows",
              "--snapshot-dir",
              JobTemplate.DATA_DIRECTORY + "/.wharfinger"));
    }
    args.addAll(List.of("--progress", "json", "--report", "/tmp/report.json"));
    if (move.backward()) {
      // The schema is that of the file which is there, or else made from PostgreSQL's, and policies
      // are about what PostgreSQL would not take.
      move.formats().forEach(format -> args.addAll(List.of("--format", format.argument())));
      return args;
    }
    args.addAll(target.arguments());
    Large large = move.migration().getSpec().large();
    if (large != null) {
      args.addAll(List.of("--large", large.toString()));
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
    return move.trusting(
        JobTemplate.withData(
            JobTemplate.pod(container, move.model()), move.model().names().dataClaim()));
  }
}
