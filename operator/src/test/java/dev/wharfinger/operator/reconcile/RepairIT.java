package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What others did to our objects is mended, or said. */
class RepairIT {
  private static final String INSTANCE_LABEL =
      "{\"metadata\":{\"labels\":{\"app.kubernetes.io/instance\":null}}}";
  private static final String MANAGED_LABEL =
      "{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":null}}}";
  private static final AtomicInteger TOUCHES = new AtomicInteger();
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("repair");
    stage.create("db", "{backend: PostgreSQL}");
    stage.create("file", "{}");
    stage.awaitReady("db");
    stage.awaitReady("file");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void aDeletedBindingComesBackWithTheSameValues() {
    Map<String, String> before = stage.get(Secret.class, "db-binding").getData();
    stage.client().resource(stage.get(Secret.class, "db-binding")).delete();
    assertThat(stage.awaitObject(Secret.class, "db-binding").getData()).isEqualTo(before);
    stage.awaitReady("db");
  }

  @Test
  void OXY_28_deletedServerObjectsComeBack() {
    String claim =
        stage.get(PersistentVolumeClaim.class, "data-db-postgresql-0").getMetadata().getUid();
    String initialized = stage.get(ConfigMap.class, "db-postgresql").getData().get("initialized");
    stage.client().resource(stage.get(StatefulSet.class, "db-postgresql")).delete();
    stage.client().resource(stage.get(Service.class, "db-postgresql")).delete();
    stage.client().resource(stage.get(Service.class, "db-postgresql-headless")).delete();
    stage.client().resource(stage.get(ConfigMap.class, "db-postgresql")).delete();
    stage.awaitObject(StatefulSet.class, "db-postgresql");
    stage.awaitObject(Service.class, "db-postgresql");
    stage.awaitObject(Service.class, "db-postgresql-headless");
    // Never empty again, not even while the server is not Ready: it guards against an empty volume.
    assertThat(stage.awaitObject(ConfigMap.class, "db-postgresql").getData())
        .containsEntry("initialized", initialized);
    stage.awaitReady("db");
    assertThat(
            stage.get(PersistentVolumeClaim.class, "data-db-postgresql-0").getMetadata().getUid())
        .isEqualTo(claim);
  }

  @Test
  void changedFieldsAreSetBack() {
    stage.merge(
        Service.class,
        "db-postgresql",
        "{\"spec\":{\"ports\":[{\"name\":\"postgresql\",\"port\":1}]}}");
    await()
        .untilAsserted(() ->
            assertThat(stage.get(Service.class, "db-postgresql").getSpec().getPorts())
                .anyMatch(p -> p.getPort() == 5432));
    stage.merge(StatefulSet.class, "db-postgresql", "{\"spec\":{\"replicas\":0}}");
    await().until(() -> stage.get(StatefulSet.class, "db-postgresql").getSpec().getReplicas() == 1);
    stage.merge(Secret.class, "db-binding", "{\"data\":{\"uri\":\"eA==\",\"extra\":\"eA==\"}}");
    await().until(() -> stage.get(Secret.class, "db-binding").getData().get("extra") == null);
    stage.awaitReady("db");
  }

  @Test
  void T45_lostOwnerReferencesComeBack() {
    for (Class<? extends HasMetadata> type :
        new Class[] {Service.class, ConfigMap.class, StatefulSet.class}) {
      lostOwner(type, "db-postgresql");
    }
    lostOwner(Secret.class, "db-binding");
    lostOwner(Secret.class, "file-binding");
  }

  private static void lostOwner(Class<? extends HasMetadata> type, String name) {
    stage.merge(type, name, "{\"metadata\":{\"ownerReferences\":null}}");
    await("owner of " + name)
        .untilAsserted(
            () -> assertThat(stage.get(type, name).getMetadata().getOwnerReferences()).hasSize(1));
  }

  @Test
  void T45_aLostInstanceLabelComesBack() {
    for (Class<? extends HasMetadata> type :
        new Class[] {Service.class, ConfigMap.class, StatefulSet.class}) {
      lostLabel(type, "db", "db-postgresql");
    }
    lostLabel(Secret.class, "db", "db-binding");
    lostLabel(Secret.class, "db", "db-credentials");
    lostLabel(Secret.class, "db", "db-postgresql-role");
    lostLabel(PersistentVolumeClaim.class, "db", "data-db-postgresql-0");
    lostLabel(PersistentVolumeClaim.class, "file", "file-data");
  }

  private static void lostLabel(Class<? extends HasMetadata> type, String instance, String name) {
    stage.merge(type, name, INSTANCE_LABEL);
    // Nothing tells whose it is now; the next run finds it all the same.
    stage.touch(instance, TOUCHES.incrementAndGet());
    await("label of " + name)
        .untilAsserted(() ->
            assertThat(stage.get(type, name).getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/instance", instance));
    stage.awaitReady(instance);
  }

  @Test
  void T45_aLabelLostWhileNobodyWatchedComesBack() {
    stage.stop();
    stage.merge(Service.class, "db-postgresql", INSTANCE_LABEL);
    stage.merge(Secret.class, "db-credentials", INSTANCE_LABEL);
    stage.merge(PersistentVolumeClaim.class, "data-db-postgresql-0", INSTANCE_LABEL);
    stage.merge(Secret.class, "file-binding", INSTANCE_LABEL);
    stage.merge(PersistentVolumeClaim.class, "file-data", INSTANCE_LABEL);
    stage.restart();
    for (String name : new String[] {"data-db-postgresql-0", "file-data"}) {
      await("label of " + name)
          .untilAsserted(() ->
              assertThat(stage.get(PersistentVolumeClaim.class, name).getMetadata().getLabels())
                  .containsKey("app.kubernetes.io/instance"));
    }
    stage.awaitReady("db");
    stage.awaitReady("file");
  }

  @Test
  void T45_theLabelThatCachesSelectByComesBack() {
    comesBack(Secret.class, "db", "db-credentials");
    comesBack(Secret.class, "db", "db-postgresql-role");
    comesBack(PersistentVolumeClaim.class, "file", "file-data");
    comesBack(Service.class, "db", "db-postgresql");
    comesBack(StatefulSet.class, "db", "db-postgresql");
  }

  private static void comesBack(Class<? extends HasMetadata> type, String instance, String name) {
    String uid = stage.get(type, name).getMetadata().getUid();
    stage.merge(type, name, MANAGED_LABEL);
    await(name)
        .untilAsserted(() ->
            assertThat(stage.get(type, name).getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/managed-by", "wharfinger"));
    assertThat(stage.get(type, name).getMetadata().getUid()).isEqualTo(uid);
    stage.awaitReady(instance);
  }

  @Test
  void T45_anObjectWithoutOurMarkIsReportedAndLeftAlone() {
    lostMark(Secret.class, "db", "db-credentials");
    lostMark(Secret.class, "db", "db-postgresql-role");
    lostMark(PersistentVolumeClaim.class, "file", "file-data");
    lostMark(Service.class, "db", "db-postgresql");
  }

  private static void lostMark(Class<? extends HasMetadata> type, String instance, String name) {
    String uid = stage.get(type, name).getMetadata().getLabels().get("wharfinger.dev/instance-uid");
    stage.merge(type, name, mark("null"));
    assertThat(stage.awaitStalled(instance, "NameConflict")).contains(name);
    stage.merge(type, name, mark('"' + uid + '"'));
    stage.awaitReady(instance);
  }

  private static String mark(String uid) {
    return "{\"metadata\":{\"labels\":{\"wharfinger.dev/instance-uid\":%s}}}".formatted(uid);
  }

  @Test
  void othersLabelsAndAnnotationsStay() {
    stage.merge(
        Secret.class,
        "db-binding",
        "{\"metadata\":{\"annotations\":{\"example.com/a\":\"1\"},\"labels\":{\"example.com/b\":\"2\"}},"
            + "\"data\":{\"uri\":\"eA==\"}}");
    await().until(() -> !"eA==".equals(stage.get(Secret.class, "db-binding").getData().get("uri")));
    assertThat(stage.get(Secret.class, "db-binding").getMetadata())
        .satisfies(m -> assertThat(m.getAnnotations()).containsEntry("example.com/a", "1"))
        .satisfies(m -> assertThat(m.getLabels()).containsEntry("example.com/b", "2"));
  }
}
