package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The words that stop, start and restart a server. */
class LifecycleIT {
  private static final String RESTART_AT = "wharfinger.dev/restart-at";
  private static final AtomicInteger TOUCHES = new AtomicInteger();
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("lifecycle");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void OXY_16_aSuspendedServerIsAtZeroAndKeepsEverything() {
    stage.create("shop", "{backend: PostgreSQL}");
    stage.awaitReady("shop");
    Map<String, String> binding = stage.get(Secret.class, "shop-binding").getData();
    Consumers.make(stage, "shop-app", "shop", 1, "Recreate");

    spec("shop", "{\"suspend\":true}");
    assertThat(stage.awaitStalled("shop", "Suspended"))
        .contains("its data and Secrets stay", "missed by Deployment/shop-app");
    assertThat(replicas("shop")).isZero();
    assertThat(stage.instance("shop").getStatus().phase()).isEqualTo("Suspended");
    assertThat(Objects.requireNonNull(Stage.condition(stage.instance("shop"), "Ready")).getStatus())
        .isEqualTo("False");
    assertThat(stage.find(PersistentVolumeClaim.class, "data-shop-postgresql-0")).isNotNull();
    assertThat(stage.get(Secret.class, "shop-binding").getData()).isEqualTo(binding);

    // It rests there.
    stage.awaitRest();
    stage.operator().writes().forget();
    stage.touch("shop", TOUCHES.incrementAndGet());
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).isEmpty();

    spec("shop", "{\"suspend\":false}");
    stage.awaitReady("shop");
    assertThat(replicas("shop")).isEqualTo(1);
    assertThat(stage.get(Secret.class, "shop-binding").getData()).isEqualTo(binding);
  }

  @Test
  void noMoveBeginsWhileSuspendedAndNoneIsStoppedByIt() {
    stage.create("ledger", "{backend: PostgreSQL, suspend: true}");
    assertThat(stage.awaitStalled("ledger", "Suspended")).contains("no server is made");
    spec("ledger", "{\"suspend\":false}");
    stage.awaitReady("ledger");

    spec("ledger", "{\"suspend\":true,\"backend\":\"SQLite\"}");
    assertThat(stage.awaitStalled("ledger", "Suspended")).contains("the move to SQLite begins");
    assertThat(moves("ledger")).isZero();

    spec("ledger", "{\"suspend\":false}");
    await("the move").until(() -> moves("ledger") == 1 && replicas("ledger") == 1);
    spec("ledger", "{\"suspend\":true}");
    stage.touch("ledger", TOUCHES.incrementAndGet());
    stage.awaitRest();
    assertThat(replicas("ledger")).as("while the move goes on").isEqualTo(1);

    // Taken back, it ends; then the server may rest.
    spec("ledger", "{\"backend\":\"PostgreSQL\"}");
    stage.awaitStalled("ledger", "Suspended");
    assertThat(replicas("ledger")).isZero();
  }

  @Test
  void sqliteHasNothingToStop() {
    stage.create("file", "{suspend: true}");
    StorageInstance ready = stage.awaitReady("file");
    assertThat(Objects.requireNonNull(Stage.condition(ready, "Ready")).getMessage())
        .contains("nothing to stop");
    spec("file", "{\"backend\":\"PostgreSQL\"}");
    assertThat(stage.awaitStalled("file", "Suspended")).contains("the move to PostgreSQL begins");
    assertThat(moves("file")).isZero();
  }

  @Test
  void OXY_22_anAnnotationRestartsTheServerOnce() {
    stage.create("again", "{backend: PostgreSQL}");
    stage.awaitReady("again");
    annotate("again", "\"monday\"");
    await().until(() -> "monday".equals(restartAt("again")));
    stage.awaitReady("again");

    // Taken away, nothing happens.
    long generation = generation("again");
    annotate("again", "null");
    stage.touch("again", TOUCHES.incrementAndGet());
    stage.awaitReady("again");
    assertThat(restartAt("again")).isEqualTo("monday");
    assertThat(generation("again")).isEqualTo(generation);

    // What kubectl rollout restart writes stays too.
    stage.merge(
        StatefulSet.class,
        "again-postgresql",
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"now\"}}}}}");
    annotate("again", "\"tuesday\"");
    await().until(() -> "tuesday".equals(restartAt("again")));
    stage.awaitReady("again");
    assertThat(
            stage
                .get(StatefulSet.class, "again-postgresql")
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations())
        .containsEntry("kubectl.kubernetes.io/restartedAt", "now");
  }

  @Test
  void aParameterRestartsTheServerOnlyWhereItMust() {
    stage.create("tuned", "{backend: PostgreSQL}");
    stage.awaitReady("tuned");
    long generation = generation("tuned");

    spec("tuned", "{\"postgresql\":{\"parameters\":{\"work_mem\":\"8MB\"}}}");
    stage.awaitReady("tuned");
    assertThat(generation("tuned")).isEqualTo(generation);
    assertThat(stage.get(ConfigMap.class, "tuned-postgresql").getData().get("postgresql.conf"))
        .contains("work_mem = '8MB'");

    spec("tuned", "{\"postgresql\":{\"parameters\":{\"max_connections\":\"50\"}}}");
    stage.awaitReady("tuned");
    assertThat(generation("tuned")).isGreaterThan(generation);
  }

  private static void spec(String name, String spec) {
    stage.merge(StorageInstance.class, name, "{\"spec\":" + spec + "}");
  }

  private static void annotate(String name, String value) {
    stage.merge(
        StorageInstance.class,
        name,
        "{\"metadata\":{\"annotations\":{\"%s\":%s}}}".formatted(RESTART_AT, value));
  }

  private static StatefulSet server(String name) {
    return stage.get(StatefulSet.class, name + "-postgresql");
  }

  private static int replicas(String name) {
    return server(name).getSpec().getReplicas();
  }

  private static long generation(String name) {
    return server(name).getMetadata().getGeneration();
  }

  private static String restartAt(String name) {
    Map<String, String> annotations =
        server(name).getSpec().getTemplate().getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(RESTART_AT, "");
  }

  private static long moves(String name) {
    return stage
        .client()
        .resources(StorageMigration.class)
        .inNamespace(stage.namespace())
        .list()
        .getItems()
        .stream()
        .filter(m -> m.getSpec().instanceRef().name().equals(name))
        .count();
  }
}
