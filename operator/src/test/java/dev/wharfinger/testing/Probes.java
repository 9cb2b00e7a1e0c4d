package dev.wharfinger.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What kubelet and Job controller would do with the Jobs of a component. */
public final class Probes {
  private final Stage stage;
  private final Map<String, String> label;

  /** The probes of external servers. */
  public Probes(Stage stage) {
    this(stage, "probe");
  }

  /** Those of a stage, whose stand-ins leave them alone from now on. */
  public Probes(Stage stage, String component) {
    this.stage = stage;
    this.label = Map.of("app.kubernetes.io/component", component);
    stage.standIns().leave(component);
  }

  /** All Jobs of an instance. */
  public List<Job> of(String instance) {
    return stage
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(stage.namespace())
        .withLabels(label)
        .withLabel("app.kubernetes.io/instance", instance)
        .list()
        .getItems();
  }

  /** Waits for one of an instance that has not ended. */
  public Job job(String instance) {
    await("a Job").atMost(Duration.ofSeconds(25)).until(() -> !running(instance).isEmpty());
    return running(instance).getFirst();
  }

  /** Those of an instance that have not ended. */
  public List<Job> running(String instance) {
    return of(instance).stream()
        .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
        .filter(job -> job.getStatus() == null || job.getStatus().getConditions().isEmpty())
        .toList();
  }

  /** A pod of the Job ends with these words. */
  public void says(Job job, int exitCode, String code, String message) {
    says(job, exitCode, "{\"code\":\"%s\",\"message\":\"%s\"}".formatted(code, message));
  }

  /** A pod of the Job ends with these words, whatever they are. */
  public void says(Job job, int exitCode, String words) {
    Pod pod = pod(job, Integer.toString(exitCode));
    stage.client().resource(pod).create();
    stage
        .client()
        .resource(pod)
        .editStatus(p ->
            new PodBuilder(p)
                .editOrNewStatus()
                .withPhase("Failed")
                .withContainerStatuses(
                    runner()
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withMessage(words)
                        .endTerminated()
                        .endState()
                        .build())
                .endStatus()
                .build());
  }

  /** A container that comes before the runner begins, or ends with these words. */
  public void first(Job job, String container, @Nullable Integer exitCode, String words) {
    Pod pod = pod(job, container + exitCode);
    stage.client().resource(pod).create();
    ContainerStatusBuilder status = runner().withName(container);
    ContainerStatus seen =
        exitCode == null
            ? status.withNewState().withNewRunning().endRunning().endState().build()
            : status
                .withNewState()
                .withNewTerminated()
                .withExitCode(exitCode)
                .withMessage(words)
                .endTerminated()
                .endState()
                .build();
    stage
        .client()
        .resource(pod)
        .editStatus(p ->
            new PodBuilder(p)
                .editOrNewStatus()
                .withPhase(exitCode == null ? "Pending" : "Failed")
                .withInitContainerStatuses(seen)
                .endStatus()
                .build());
  }

  /** A pod of the Job is made. */
  public void waits(Job job) {
    stage.client().resource(pod(job, "w")).create();
  }

  /** The runner of that pod begins. */
  public void begins(Job job) {
    stage
        .client()
        .resource(pod(job, "w"))
        .editStatus(p ->
            new PodBuilder(p)
                .editOrNewStatus()
                .withPhase("Running")
                .withContainerStatuses(
                    runner().withNewState().withNewRunning().endRunning().endState().build())
                .endStatus()
                .build());
  }

  /** That pod is gone. */
  public void goes(Job job) {
    stage.client().resource(pod(job, "w")).withGracePeriod(0).delete();
  }

  private static ContainerStatusBuilder runner() {
    return new ContainerStatusBuilder()
        .withName("runner")
        .withImage("example")
        .withImageID("example")
        .withReady(false)
        .withRestartCount(0);
  }

  private Pod pod(Job job, String suffix) {
    String name =
        job.getMetadata().getName() + "-" + job.getMetadata().getUid().substring(0, 4) + suffix;
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(stage.namespace())
        .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
        .addToLabels("job-name", job.getMetadata().getName())
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withSpec(job.getSpec().getTemplate().getSpec())
        .build();
  }

  /** The Job ends well. */
  public void complete(Job job) {
    end(job, "SuccessCriteriaMet", "Complete", "");
  }

  /** The Job ends badly; {@code PodFailurePolicy} is the reason of a final exit code. */
  public void fail(Job job, String reason) {
    end(job, "FailureTarget", "Failed", reason);
  }

  private void end(Job job, String before, String condition, String reason) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    stage
        .client()
        .resource(job)
        .editStatus(j ->
            new JobBuilder(j)
                .editOrNewStatus()
                .withStartTime(now)
                .withCompletionTime(condition.equals("Complete") ? now : null)
                .withNewUncountedTerminatedPods()
                .endUncountedTerminatedPods()
                .addNewCondition()
                .withType(before)
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(now)
                .endCondition()
                .addNewCondition()
                .withType(condition)
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(now)
                .endCondition()
                .endStatus()
                .build());
  }
}
