package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.Owner;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the revision of the schema on the backend that holds the data, and all before it. */
public final class RevisionJob {
  public static final String COMPONENT = "schema-revision";

  private RevisionJob() {}

  /**
   * Name of the Job for what is asked now, or null where nothing is: each text of the annotation is
   * obeyed once on each backend.
   */
  public static @Nullable String name(InstanceModel model, ActiveBackend active) {
    String asked = Annotations.get(model.instance(), Annotations.READ_SCHEMA);
    return asked == null || asked.isEmpty()
        ? null
        : model.names().revisionJob(active.backend() + " " + active.epoch() + " " + asked);
  }

  /**
   * The Job.
   *
   * @param place where the application's pod runs, because a volume can be mounted by one node only
   */
  public static Job desired(
      String name, InstanceModel model, ActiveBackend active, @Nullable Place place) {
    return desired(name, COMPONENT, model, active, place);
  }

  /** The same for somebody else than a person. */
  public static Job desired(
      String name,
      String component,
      InstanceModel model,
      ActiveBackend active,
      @Nullable Place place) {
    boolean sqlite = active.backend() == Backend.SQLITE;
    String url =
        sqlite
            ? "sqlite:///" + JobTemplate.DATA_DIRECTORY + "/" + model.sqlite().mainDatabase()
            : ServerAccess.url(model);
    PodSpec pod =
        JobTemplate.pod(
            JobTemplate.runner(
                model.operatorImage(),
                List.of("schema-revision", "--to", url, "--result", "/dev/termination-log"),
                sqlite ? List.of() : ServerAccess.environment(model)),
            model);
    return JobTemplate.job(
        name,
        model.instance(),
        component,
        Owner.of(model.instance()),
        Map.of(),
        sqlite ? onVolume(pod, model, place) : ServerAccess.withCertificates(pod, model),
        2);
  }

  /** The pod with the data, where the application has it. */
  static PodSpec onVolume(PodSpec pod, InstanceModel model, @Nullable Place place) {
    PodSpec mounted = JobTemplate.withData(pod, model.names().dataClaim());
    return place == null ? mounted : JobTemplate.pinned(mounted, place);
  }
}
