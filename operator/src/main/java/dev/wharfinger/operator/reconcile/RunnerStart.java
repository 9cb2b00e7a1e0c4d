package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.job.StandingCommandJob;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a Job's runner ever ran. In doubt it did: then no clock takes a move back. */
final class RunnerStart {
  private RunnerStart() {}

  /** The Job counts a pod that ended; the pod itself may be gone. */
  static boolean counted(Job job) {
    JobStatus status = job.getStatus();
    return status != null && (positive(status.getFailed()) || positive(status.getSucceeded()));
  }

  /** A pod's runner runs or ran. What else was injected into the pod does not matter. */
  static boolean seen(Pod pod) {
    return pod.getStatus() != null
        && Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(),
                pod.getStatus().getContainerStatuses().stream())
            // The command of an application runs before the runner of its pod.
            .filter(c -> StandingCommandJob.CONTAINERS.contains(c.getName()))
            .anyMatch(RunnerStart::started);
  }

  private static boolean started(ContainerStatus container) {
    return positive(container.getRestartCount())
        || started(container.getState())
        || started(container.getLastState());
  }

  private static boolean started(@Nullable ContainerState state) {
    return state != null && (state.getRunning() != null || state.getTerminated() != null);
  }

  private static boolean positive(@Nullable Integer count) {
    return count != null && count > 0;
  }
}
