package dev.wharfinger.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupSpec;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.job.ReplaceJob;
import dev.wharfinger.operator.job.RestoreRole;
import dev.wharfinger.operator.migration.FencePatch;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.restore.RestoreAction;
import dev.wharfinger.operator.restore.RestorePlan;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The hands of a restore. Each change of state insists on the version that was read, so that of two
 * operators that both believe to be the leader only one gets through.
 */
final class RestoreActions {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  /** Null says: remove. */
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final RestoreView view;
  private StorageRestore restore;
  private @Nullable PersistentVolumeClaim claim;

  RestoreActions(KubernetesClient client, RestoreView view) {
    this.client = client;
    this.view = view;
    this.restore = view.restore();
    this.claim = view.claim();
  }

  /** Does one action; an exception ends the pass, and the next one looks again. */
  void run(RestoreAction action) {
    ConsumerHands hands = new ConsumerHands(client, namespace());
    String uid = restore.getMetadata().getUid();
    switch (action) {
      case RestoreAction.Annotate(String name, String value) -> annotate(name, value);
      case RestoreAction.Decide(RestorePlan plan) -> decide(plan);
      case RestoreAction.TakeBack(String why) -> takeBack(why);
      case RestoreAction.MakeBackup() -> makeBackup();
      case RestoreAction.Fence fence ->
          fence.consumers().forEach(c -> hands.patch(c, FencePatch.stop(c, uid)));
      case RestoreAction.ReturnConsumers back ->
          back.consumers().forEach(c -> hands.patch(c, FencePatch.giveBack(c)));
      case RestoreAction.CreateJob(RestoreRole role) -> createJob(role);
      case RestoreAction.DeleteJob(RestoreRole role) -> deleteJob(role);
      case RestoreAction.HoldClaim() -> holdClaim();
      case RestoreAction.ReleaseClaim() -> releaseClaim(uid);
      case RestoreAction.MarkClaim(String restored) -> markClaim(restored);
    }
  }

  /** The restore as the actions left it. */
  StorageRestore restore() {
    return restore;
  }

  private void annotate(String name, String value) {
    if (value.equals(Annotations.get(restore, name)) && !RestorePlan.foreign(restore)) {
      return;
    }
    Map<String, @Nullable String> annotations = new HashMap<>();
    annotations.put(name, value);
    write(annotations);
  }

  private void decide(RestorePlan plan) {
    Map<String, @Nullable String> annotations = none();
    annotations.put(Annotations.RESTORE_PLAN, plan.json());
    write(annotations);
  }

  private static Map<String, @Nullable String> none() {
    Map<String, @Nullable String> annotations = new HashMap<>();
    annotations.put(Annotations.RESTORE_PLAN, null);
    for (String name : RestoreObserver.RECORDS) {
      annotations.put(name, null);
    }
    return annotations;
  }

  private void takeBack(String why) {
    Map<String, @Nullable String> annotations = new HashMap<>();
    annotations.put(Annotations.SWAP_STARTED, null);
    annotations.put(Annotations.ROLLBACK, why);
    write(annotations);
  }

  private void write(Map<String, @Nullable String> changes) {
    // What a copy brought along would hide what is written now.
    Map<String, @Nullable String> annotations =
        RestorePlan.foreign(restore) ? none() : new HashMap<>();
    annotations.putAll(changes);
    restore =
        client
            .resources(StorageRestore.class)
            .inNamespace(namespace())
            .withName(restore.getMetadata().getName())
            .patch(MERGE, metadata(restore, annotations));
  }

  /** Another restore may hold it by now. */
  private void releaseClaim(String uid) {
    RestorePlan held = RestorePlan.on(claim);
    if (held != null && held.of().equals(uid)) {
      Map<String, @Nullable String> annotations = new HashMap<>();
      annotations.put(Annotations.SWAP_STARTED, null);
      onClaim(annotations);
    }
  }

  private void holdClaim() {
    RestorePlan plan = Objects.requireNonNull(view.scene().plan(), "decided before");
    if (!plan.json().equals(Annotations.get(claim, Annotations.SWAP_STARTED))) {
      Map<String, @Nullable String> annotations = new HashMap<>();
      annotations.put(Annotations.SWAP_STARTED, plan.json());
      onClaim(annotations);
    }
  }

  private void markClaim(String restored) {
    Map<String, @Nullable String> annotations = new HashMap<>();
    annotations.put(Annotations.RESTORED, restored);
    annotations.put(Annotations.SWAP_STARTED, null);
    onClaim(annotations);
  }

  private void onClaim(Map<String, @Nullable String> annotations) {
    PersistentVolumeClaim seen = claim;
    if (seen != null && planned(seen)) {
      claim = client.resource(seen).patch(MERGE, metadata(seen, annotations));
    }
  }

  /** Whether it is the very claim of the plan. */
  private boolean planned(PersistentVolumeClaim seen) {
    RestorePlan plan = view.scene().plan();
    return plan != null && plan.claimUid().equals(seen.getMetadata().getUid());
  }

  /** Against the version that was read. */
  private static String metadata(HasMetadata seen, Map<String, @Nullable String> annotations) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("uid", seen.getMetadata().getUid());
    metadata.put("resourceVersion", seen.getMetadata().getResourceVersion());
    metadata.put("annotations", annotations);
    try {
      return JSON.writeValueAsString(Map.of("metadata", metadata));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of strings is JSON", e);
    }
  }

  /** It belongs to nobody: it is worth most when the restore is gone. */
  private void makeBackup() {
    StorageBackup backup = new StorageBackup();
    backup.setMetadata(
        new ObjectMetaBuilder()
            .withName(view.scene().backup().name())
            .withNamespace(namespace())
            .build());
    backup.setSpec(new StorageBackupSpec(new LocalRef(restore.getSpec().instanceRef().name())));
    try {
      client.resource(backup).create();
    } catch (KubernetesClientException e) {
      // An earlier pass, or another leader; the next pass looks what it is.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private void createJob(RestoreRole role) {
    ReplaceJob jobs =
        new ReplaceJob(
            Objects.requireNonNull(view.model(), "decided only while the instance exists"),
            restore);
    // With what lets the application onto its nodes: the volume may be at home on one of them.
    List<Toleration> tolerations =
        view.consumers().stream()
            .flatMap(c -> c.pod().getTolerations().stream())
            .distinct()
            .toList();
    // What was confirmed, whatever the spec names since.
    RestorePlan plan = Objects.requireNonNull(view.scene().plan(), "decided before");
    Job desired =
        role == RestoreRole.STAGE
            ? jobs.stage(plan.source(), plan.expected(), tolerations)
            : jobs.swap(plan.databases(), tolerations);
    try {
      client.resource(desired).create();
    } catch (KubernetesClientException e) {
      Job live =
          e.getCode() == HttpURLConnection.HTTP_CONFLICT ? client.resource(desired).get() : null;
      if (live == null) {
        if (role == RestoreRole.SWAP
            && !view.scene().held()
            && e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
          // A quota, say: it was not made, and the way back stays open.
          releaseClaim(restore.getMetadata().getUid());
        }
        throw e;
      }
      RestoreObserver.requireOurs(live, restore);
    }
  }

  private void deleteJob(RestoreRole role) {
    Job job = view.jobs().get(role);
    if (job == null) {
      return;
    }
    client.raw(
        "/apis/batch/v1/namespaces/%s/jobs/%s".formatted(namespace(), job.getMetadata().getName()),
        "DELETE",
        new DeleteOptionsBuilder()
            .withApiVersion("v1")
            .withKind("DeleteOptions")
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(job.getMetadata().getUid())
            .endPreconditions()
            .build());
  }

  private String namespace() {
    return restore.getMetadata().getNamespace();
  }
}
