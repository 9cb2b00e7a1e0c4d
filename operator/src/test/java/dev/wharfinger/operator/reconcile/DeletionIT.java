package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OXY-23: deleting the resource deletes no data unless that was said twice. */
class DeletionIT {
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("deletion");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void OXY_23_retainKeepsTheServersDataAndAdoptionFindsItAgain() {
    stage.create("kept", "{backend: PostgreSQL}");
    String former = stage.awaitReady("kept").getMetadata().getUid();
    String password = stage.get(Secret.class, "kept-credentials").getData().get("password");
    String claim =
        stage.get(PersistentVolumeClaim.class, "data-kept-postgresql-0").getMetadata().getUid();

    delete("kept");
    awaitGone(StatefulSet.class, "kept-postgresql");
    awaitGone(Secret.class, "kept-binding");
    assertThat(stage.get(Secret.class, "kept-credentials").getMetadata().getOwnerReferences())
        .isEmpty();

    stage.create("kept", "{backend: PostgreSQL}");
    String message = stage.awaitStalled("kept", "AdoptionRequired");
    assertThat(message).contains("wharfinger.dev/adopt: " + former);
    assertThat(stage.find(StatefulSet.class, "kept-postgresql")).isNull();

    annotate("kept", "wharfinger.dev/adopt", former);
    String now = stage.awaitReady("kept").getMetadata().getUid();
    assertThat(now).isNotEqualTo(former);
    assertThat(stage.get(Secret.class, "kept-credentials"))
        .satisfies(s -> assertThat(s.getData()).containsEntry("password", password))
        .satisfies(s ->
            assertThat(s.getMetadata().getLabels())
                .containsEntry("wharfinger.dev/instance-uid", now));
    assertThat(stage.get(PersistentVolumeClaim.class, "data-kept-postgresql-0").getMetadata())
        .returns(claim, m -> m.getUid())
        .satisfies(
            m -> assertThat(m.getLabels()).containsEntry("wharfinger.dev/instance-uid", now));
  }

  /** PIP-03 too. */
  @Test
  void OXY_23_PHX_24_retainKeepsTheSqliteVolume() {
    stage.create("file", "{}");
    String former = stage.awaitReady("file").getMetadata().getUid();
    delete("file");
    stage.create("file", "{}");
    assertThat(stage.awaitStalled("file", "AdoptionRequired")).contains(former);
    annotate("file", "wharfinger.dev/adopt", "another-uid");
    stage.awaitRest();
    assertThat(stage.awaitStalled("file", "AdoptionRequired")).contains(former);
    annotate("file", "wharfinger.dev/adopt", former);
    stage.awaitReady("file");
  }

  @Test
  void OXY_31_deleteWithoutConfirmationWaitsAndWithItDeletes() {
    stage.create("gone", "{backend: PostgreSQL, deletionPolicy: Delete}");
    String uid = stage.awaitReady("gone").getMetadata().getUid();

    stage.client().resource(stage.instance("gone")).delete();
    assertThat(stage.awaitStalled("gone", "ConfirmationRequired"))
        .contains("wharfinger.dev/confirm-delete: gone/" + uid);
    annotate("gone", "wharfinger.dev/confirm-delete", "gone/another-uid");
    stage.awaitRest();
    assertThat(stage.find(StatefulSet.class, "gone-postgresql")).isNotNull();

    annotate("gone", "wharfinger.dev/confirm-delete", "gone/" + uid);
    awaitGone(StorageInstance.class, "gone");
    awaitGone(StatefulSet.class, "gone-postgresql");
    awaitGone(PersistentVolumeClaim.class, "data-gone-postgresql-0");
    awaitGone(Secret.class, "gone-credentials");
    awaitGone(Secret.class, "gone-postgresql-role");
  }

  @Test
  void deletesTheSqliteVolumeThoughJobsOfTheInstanceMountIt() {
    stage.create("rows", "{deletionPolicy: Delete}");
    String uid = stage.awaitReady("rows").getMetadata().getUid();
    stage.client().resource(stage.instance("rows")).delete();
    annotate("rows", "wharfinger.dev/confirm-delete", "rows/" + uid);
    awaitGone(StorageInstance.class, "rows");
    awaitGone(PersistentVolumeClaim.class, "rows-data");
  }

  @Test
  void aParkedDeletionIsReleasedByRetain() {
    stage.create("spared", "{deletionPolicy: Delete}");
    stage.awaitReady("spared");
    stage.client().resource(stage.instance("spared")).delete();
    stage.awaitStalled("spared", "ConfirmationRequired");
    stage.merge(StorageInstance.class, "spared", "{\"spec\":{\"deletionPolicy\":\"Retain\"}}");
    awaitGone(StorageInstance.class, "spared");
    assertThat(
            stage
                .get(PersistentVolumeClaim.class, "spared-data")
                .getMetadata()
                .getDeletionTimestamp())
        .isNull();
  }

  private static void delete(String name) {
    stage.client().resource(stage.instance(name)).delete();
    awaitGone(StorageInstance.class, name);
  }

  private static void awaitGone(
      Class<? extends io.fabric8.kubernetes.api.model.HasMetadata> type, String name) {
    await(type.getSimpleName() + " " + name + " gone").until(() -> stage.find(type, name) == null);
  }

  private static void annotate(String name, String key, String value) {
    stage.merge(
        StorageInstance.class,
        name,
        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(key, value));
  }
}
