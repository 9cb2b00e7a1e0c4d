package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.model.Volume;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cannot be done is said in the condition, with the way out; nothing is made up for it. */
class RefusalsIT {
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("refusals");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void OXY_29_aLostSqliteVolumeIsNotMadeAgain() {
    stage.create("lost", "{}");
    stage.awaitReady("lost");
    stage.client().resource(stage.get(PersistentVolumeClaim.class, "lost-data")).delete();
    // A claim does not go before the pods that used it, ended ones too.
    stage.awaitStalled("lost", "ClaimTerminating");
    stage
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(stage.namespace())
        .withLabel("app.kubernetes.io/instance", "lost")
        .delete();
    assertThat(stage.awaitStalled("lost", "DataMissing")).startsWith("claim lost-data is gone");
    stage.touch("lost", 1);
    stage.awaitRest();
    assertThat(stage.find(PersistentVolumeClaim.class, "lost-data")).isNull();
  }

  @Test
  void missingCredentialsAreNotMadeAgain() {
    stage.create("locked", "{backend: PostgreSQL}");
    stage.awaitReady("locked");
    Secret credentials = stage.get(Secret.class, "locked-credentials");
    stage.stop();
    stage.client().resource(credentials).delete();
    stage.client().resource(stage.get(Secret.class, "locked-postgresql-role")).delete();
    stage.restart();
    assertThat(stage.awaitStalled("locked", "CredentialsMissing"))
        .startsWith("Secret locked-credentials is gone, and so is locked-postgresql-role");
    assertThat(stage.find(Secret.class, "locked-credentials")).isNull();
    assertThat(stage.find(Secret.class, "locked-postgresql-role")).isNull();

    credentials.getMetadata().setResourceVersion(null);
    credentials.getMetadata().setUid(null);
    stage.client().resource(credentials).create();
    stage.awaitReady("locked");
  }

  @Test
  void OXY_30_storageGrowsWhereTheClassAllowsIt() {
    stage.create("small", "{sqlite: {storage: {size: 1Gi, storageClassName: growing}}}");
    stage.awaitReady("small");
    stage.merge(
        StorageInstance.class, "small", "{\"spec\":{\"sqlite\":{\"storage\":{\"size\":\"2Gi\"}}}}");
    stage.awaitReady("small");
    assertThat(size("small-data")).isEqualTo("2Gi");
  }

  @Test
  void storageThatCannotGrowIsSaid() {
    stage.create(
        "stuck",
        "{backend: PostgreSQL, postgresql: {storage: {size: 1Gi, storageClassName: fixed}}}");
    stage.awaitReady("stuck");
    stage.merge(
        StorageInstance.class,
        "stuck",
        "{\"spec\":{\"postgresql\":{\"storage\":{\"size\":\"2Gi\"}}}}");
    assertThat(stage.awaitStalled("stuck", "StorageNotExpandable"))
        .contains("2Gi", "data-stuck-postgresql-0", "1Gi", "allowVolumeExpansion");
    // The application is still served.
    assertThat(Stage.condition(stage.instance("stuck"), "Ready"))
        .returns("True", c -> c.getStatus());

    // It was refused once; nobody is asked again with every event.
    stage.awaitRest();
    stage.operator().writes().forget();
    for (int turn = 1; turn <= 3; turn++) {
      stage.touch("stuck", turn);
    }
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).noneMatch(w -> w.contains("stuck"));
  }

  @Test
  void aVersionOutsideTheCatalogue() {
    stage.create("old", "{backend: PostgreSQL, postgresql: {version: \"12\"}}");
    assertThat(stage.awaitStalled("old", "VersionNotInCatalogue"))
        .isEqualTo("postgresql.version 12 is not in the operator's catalogue; it has 15, 17, 18");
    assertThat(stage.find(StatefulSet.class, "old-postgresql")).isNull();
  }

  @Test
  void OXY_01_aVersionOutsideTheCatalogueHurtsNoSqliteInstance() {
    stage.create("other", "{postgresql: {version: \"12\"}}");
    StorageInstance ready = stage.awaitReady("other");

    // A server that is described is not one that is asked for.
    assertThat(ready.getStatus().backend()).isEqualTo(Backend.SQLITE);
    stage.awaitRest();
    assertThat(
            stage
                .client()
                .resources(StorageMigration.class)
                .inNamespace(stage.namespace())
                .list()
                .getItems())
        .isEmpty();
    assertThat(stage.find(StatefulSet.class, "other-postgresql")).isNull();
  }

  @Test
  void anUnknownPlaceholder() {
    stage.create("typo", "{binding: {env: {URL: \"{url.sqlalchmy}\"}}}");
    assertThat(stage.awaitStalled("typo", "BindingTemplateInvalid"))
        .startsWith(
            "binding.env.URL cannot be used, at character 1: {url.sqlalchmy} is not known; known"
                + " are ")
        .contains("url.sqlalchemy", "path", "host");
    stage.merge(
        StorageInstance.class,
        "typo",
        "{\"spec\":{\"binding\":{\"env\":{\"URL\":\"{url.sqlalchemy}\"}}}}");
    stage.awaitReady("typo");
  }

  @Test
  void anotherDatabaseNameIsRefused() {
    stage.create("renamed", "{backend: PostgreSQL, postgresql: {database: shop}}");
    String former = stage.awaitReady("renamed").getMetadata().getUid();
    stage.client().resource(stage.instance("renamed")).delete();
    await().until(() -> stage.find(StorageInstance.class, "renamed") == null);

    stage.create("renamed", "{backend: PostgreSQL}");
    stage.merge(
        StorageInstance.class,
        "renamed",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"%s\"}}}".formatted(former));
    assertThat(stage.awaitStalled("renamed", "DatabaseRenamed")).contains("shop", "renamed");
    assertThat(stage.find(Secret.class, "renamed-binding")).isNull();
  }

  @Test
  void pausedWritesNothingButItsStatus() {
    stage.create("still", "{}");
    stage.awaitReady("still");
    stage.merge(StorageInstance.class, "still", "{\"spec\":{\"paused\":true}}");
    stage.awaitStalled("still", "Paused");
    stage.awaitRest();
    stage.operator().writes().forget();

    stage.client().resource(stage.get(Secret.class, "still-binding")).delete();
    stage.merge(
        StorageInstance.class,
        "still",
        "{\"spec\":{\"sqlite\":{\"databases\":[\"still.db\",\"more.db\"]}}}");
    await()
        .until(() ->
            stage
                .instance("still")
                .getMetadata()
                .getGeneration()
                .equals(stage.instance("still").getStatus().observedGeneration()));
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).allMatch(w -> w.contains("still/status"));
    assertThat(stage.find(Secret.class, "still-binding")).isNull();

    stage.merge(StorageInstance.class, "still", "{\"spec\":{\"paused\":null}}");
    stage.awaitReady("still");
  }

  private static String size(String claim) {
    return Volume.requested(stage.get(PersistentVolumeClaim.class, claim)).toString();
  }
}
