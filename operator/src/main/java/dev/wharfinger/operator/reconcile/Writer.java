package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.PasswordJob;
import dev.wharfinger.operator.job.SchemaJob;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The only hands of the instance's reconciler. They write nothing that is as desired already, and
 * nothing that is not ours: an object of our name with another owner ends in a {@link
 * ConflictException}.
 */
final class Writer {
  static final String FIELD_MANAGER = "wharfinger";

  private final StorageInstance instance;
  private final Context<StorageInstance> context;
  private final KubernetesClient client;
  private boolean postponed;

  Writer(StorageInstance instance, Context<StorageInstance> context) {
    this.instance = instance;
    this.context = context;
    this.client = context.getClient();
  }

  /** Creates what is never changed afterwards: claims, credentials, Jobs. */
  <T extends HasMetadata> void create(T desired) {
    try {
      client.resource(desired).create();
    } catch (KubernetesClientException e) {
      requireOurs(desired, e);
    }
  }

  /** Brings an object to the desired state by server-side apply. */
  <T extends HasMetadata> void apply(T desired, @Nullable T observed) {
    if (observed == null) {
      applyIfAbsent(desired);
    } else if (differs(desired, observed)) {
      applyOver(desired, observed);
    }
  }

  /** Whether an object that is there is another than it is to be. */
  <T extends HasMetadata> boolean differs(T desired, @Nullable T observed) {
    return observed != null && !new NormalizingMatcher<T>().matches(observed, desired, context);
  }

  /** Something is left for later, and no event may tell when that is. */
  void postpone() {
    postponed = true;
  }

  /** Whether anything was left for later. */
  boolean postponed() {
    return postponed;
  }

  /**
   * What somebody put beside our own fields can make the whole invalid, such as a second port of
   * the same name; then ours replaces it all.
   */
  private <T extends HasMetadata> void applyOver(T desired, T observed) {
    try {
      serverSideApply(desired);
    } catch (KubernetesClientException e) {
      if (e.getCode() != 422) {
        throw e;
      }
      replace(desired, observed);
    }
  }

  /**
   * Applies an object that the cache does not have; a resource version makes this fail where it
   * exists after all.
   */
  private <T extends HasMetadata> void applyIfAbsent(T desired) {
    desired.getMetadata().setResourceVersion("1");
    try {
      serverSideApply(desired);
    } catch (KubernetesClientException e) {
      requireOurs(desired, e);
    }
  }

  private <T extends HasMetadata> void serverSideApply(T desired) {
    client.resource(desired).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
  }

  /** Replaces an object against the very version that was read. */
  <T extends HasMetadata> void replace(T desired, T observed) {
    desired.getMetadata().setResourceVersion(observed.getMetadata().getResourceVersion());
    client.resource(desired).update();
  }

  /** Merges {@code patch} into an object, against the very version that was read. */
  void merge(HasMetadata observed, String patch) {
    client.resource(observed).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  /**
   * Whether an object that no cache shows is there after all. If it is ours, what hid it is mended;
   * else it is reported.
   *
   * @param labels the labels it must have
   */
  <T extends HasMetadata> boolean exists(Class<T> type, String name, Map<String, String> labels) {
    HasMetadata live = live(type, name);
    if (live != null) {
      requireOurs(live, labels);
    }
    return live != null;
  }

  /** An object as it is now, whatever the cache says; or null. */
  <T extends HasMetadata> @Nullable T live(Class<T> type, String name) {
    return client
        .resources(type)
        .inNamespace(instance.getMetadata().getNamespace())
        .withName(name)
        .get();
  }

  /** Sets the labels that an object lacks, against the very version that was read. */
  void label(HasMetadata observed, Map<String, String> labels) {
    Map<String, String> present = observed.getMetadata().getLabels();
    if (present == null || !present.entrySet().containsAll(labels.entrySet())) {
      Map<String, Object> metadata =
          Map.of("resourceVersion", observed.getMetadata().getResourceVersion(), "labels", labels);
      merge(observed, client.getKubernetesSerialization().asJson(Map.of("metadata", metadata)));
    }
  }

  /** Whether a move of this instance has not ended yet, whatever the cache says. */
  boolean moving() {
    return client
        .resources(StorageMigration.class)
        .inNamespace(instance.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(m -> Labels.isOurs(m, instance))
        .anyMatch(m -> Annotations.get(m, Annotations.ENDED) == null);
  }

  /** All pods of the instance's namespace as they are now. */
  List<Pod> pods() {
    return client.pods().inNamespace(instance.getMetadata().getNamespace()).list().getItems();
  }

  /** Name of a Job of schema migrations that has not ended, whatever the cache says; or null. */
  @Nullable String migratingSchema() {
    return unended(SchemaJob.COMPONENT);
  }

  /** Name of a Job that gives the role another password and has not ended; or null. */
  @Nullable String changingPassword() {
    return unended(PasswordJob.COMPONENT);
  }

  private @Nullable String unended(String component) {
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace(instance.getMetadata().getNamespace())
        .withLabels(Labels.of(instance, component))
        .list()
        .getItems()
        .stream()
        .filter(j -> !JobOutcome.of(j).ended())
        .map(j -> j.getMetadata().getName())
        .findFirst()
        .orElse(null);
  }

  /** To look at what is not ours. */
  KubernetesClient client() {
    return client;
  }

  /** Why the pods of {@code maker} are not there, if anything is said about it. */
  StepResult missingPod(HasMetadata maker, StepResult otherwise) {
    return MissingPod.of(client, maker, otherwise);
  }

  /** What claims say about who holds the data. */
  ClaimMarks claimMarks(ActiveBackend active) {
    return new ClaimMarks(client, instance, active);
  }

  /** Deletes exactly the object that was read, not a namesake made since. */
  void delete(HasMetadata observed) {
    client
        .resource(observed)
        .lockResourceVersion(observed.getMetadata().getResourceVersion())
        .delete();
  }

  private void requireOurs(HasMetadata desired, KubernetesClientException e) {
    if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
      throw e;
    }
    HasMetadata live = client.resource(desired).get();
    if (live == null) {
      // Another conflict than that it exists, such as one about a quota: nothing was made.
      throw e;
    }
    requireOurs(live, desired.getMetadata().getLabels());
  }

  /**
   * Where a label is gone that the caches find the object by, it comes back. Else the cache is
   * behind, and an event is on its way.
   */
  private void requireOurs(HasMetadata live, Map<String, String> labels) {
    if (!Labels.isOurs(live, instance)) {
      throw new ConflictException(live);
    }
    label(live, labels);
  }
}
