package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.job.ConnectionJob;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Jobs that looked at the server which the application was told of. The one before the last
 * stays until the last has ended, so that there is always one that has something to say.
 *
 * @param content hash of server and Secret
 * @param jobs the last one first
 * @param others those of another server, or of the same with another Secret
 */
record ConnectionLooks(String content, List<Job> jobs, List<Job> others) {

  /** Null where there is no server, or it is not known at present which it is. */
  static @Nullable ConnectionLooks of(Run run) {
    String content = served(run) ? content(run) : null;
    if (content == null) {
      return null;
    }
    return new ConnectionLooks(
        content,
        all(run.observed())
            .filter(j -> of(j, content) != null)
            .sorted(
                Comparator.comparingInt((Job j) -> Objects.requireNonNull(of(j, content)).turn())
                    .reversed())
            .toList(),
        all(run.observed()).filter(j -> of(j, content) == null).toList());
  }

  /** Whether the application was told of a server that a Job could reach, and that is to run. */
  static boolean served(Run run) {
    return run.active().backend() == Backend.POSTGRESQL
        && run.observed().binding() != null
        && (run.external() != null || !Suspension.asked(run));
  }

  /** Jobs of this kind, whatever they looked at. */
  static Stream<Job> all(Observed observed) {
    return observed.jobs().stream()
        .filter(
            j -> ConnectionJob.COMPONENT.equals(j.getMetadata().getLabels().get(Labels.COMPONENT)));
  }

  /** The last Job, or null where none was made yet. */
  @Nullable Job last() {
    return jobs.isEmpty() ? null : jobs.getFirst();
  }

  /** Those that have no say once the last has ended. */
  List<Job> past() {
    return Stream.concat(jobs.stream().skip(1), others.stream()).toList();
  }

  private static @Nullable ConnectionLook of(Job job, String content) {
    ConnectionLook look = ConnectionLook.of(job);
    return look == null || !look.content().equals(content) ? null : look;
  }

  private static @Nullable String content(Run run) {
    String what;
    if (run.external() != null) {
      ExternalServer server = run.external().server();
      if (server == null || server.endpoint().socket()) {
        return null;
      }
      what = server.version();
    } else {
      Secret role = run.observed().role();
      if (role == null) {
        return null;
      }
      what = role.getMetadata().getUid() + "/" + role.getMetadata().getResourceVersion();
    }
    return Names.hash(run.active().epoch() + " " + run.model().endpoint().address() + " " + what);
  }
}
