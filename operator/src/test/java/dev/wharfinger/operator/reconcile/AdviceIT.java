package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus.Connection;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the status says of the application and of where the data is. */
class AdviceIT {
  private static final AtomicInteger TOUCHES = new AtomicInteger();
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("advice");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void OXY_09_OXY_50_theStatusSaysWhereTheDataIs() {
    stage.create("facts", "{backend: PostgreSQL, postgresql: {database: shop}}");
    stage.create("facts-file", "{}");
    assertThat(stage.awaitReady("facts").getStatus().connection())
        .isEqualTo(
            new Connection(
                "facts-postgresql." + stage.namespace() + ".svc",
                5432,
                "shop",
                "data-facts-postgresql-0"));
    assertThat(stage.awaitReady("facts-file").getStatus().connection())
        .isEqualTo(new Connection(null, null, "facts-file.db", "facts-file-data"));
  }

  @Test
  void CLB_14_anExceededBudgetIsSaidAndKeepsNothingBack() {
    stage.create(
        "busy",
        "{backend: PostgreSQL, pool: {maxSize: 15, maxOverflow: 10, enginesPerReplica: 2}}");
    stage.awaitReady("busy");
    condition("busy", "ConnectionBudget", "WithinBudget");

    Consumers.make(stage, "busy-app", "busy", 2, "RollingUpdate");
    stage.touch("busy", TOUCHES.incrementAndGet());
    condition("busy", "ConnectionBudget", "BudgetExceeded");
    stage.awaitReady("busy");
    // CLB-11, PHX-26: several pods are what PostgreSQL is for.
    assertThat(Stage.condition(stage.instance("busy"), "SingleWriter")).isNull();
    await("an Event")
        .untilAsserted(() ->
            assertThat(
                    stage
                        .client()
                        .v1()
                        .events()
                        .inNamespace(stage.namespace())
                        .withField("reason", "BudgetExceeded")
                        .list()
                        .getItems())
                .singleElement()
                .satisfies(e -> assertThat(e.getType()).isEqualTo("Warning"))
                .satisfies(e -> assertThat(e.getMessage()).contains("Deployment/busy-app 2 pods")));

    spec("busy", "{\"postgresql\":{\"parameters\":{\"max_connections\":\"105\"}}}");
    condition("busy", "ConnectionBudget", "WithinBudget");
  }

  @Test
  void PHX_07_PHX_26_severalWritersOfAFileAreSaidAndKeepNothingBack() {
    stage.create("notes", "{}");
    stage.awaitReady("notes");
    condition("notes", "SingleWriter", "OneWriter");

    Consumers.make(stage, "notes-app", "notes", 1, "RollingUpdate");
    stage.touch("notes", TOUCHES.incrementAndGet());
    condition("notes", "SingleWriter", "UpdateOverlaps");
    stage.merge(Deployment.class, "notes-app", "{\"spec\":{\"replicas\":2}}");
    stage.touch("notes", TOUCHES.incrementAndGet());
    condition("notes", "SingleWriter", "SeveralWriters");
    stage.awaitReady("notes");
  }

  private static void condition(String name, String type, String reason) {
    await(type + " " + reason)
        .untilAsserted(() ->
            assertThat(Stage.condition(stage.instance(name), type))
                .isNotNull()
                .returns(reason, c -> c.getReason()));
  }

  private static void spec(String name, String spec) {
    stage.merge(StorageInstance.class, name, "{\"spec\":" + spec + "}");
  }
}
