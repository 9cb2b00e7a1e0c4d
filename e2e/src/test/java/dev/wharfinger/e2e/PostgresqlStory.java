package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server of its own, used through the binding Secret alone, whose data outlive its pod. */
class PostgresqlStory {
  private static final String SERVER = "orders-postgresql-0";

  /** The catalogue's majors beside the examples' 17; those whose images there are. */
  private static final List<String> MAJORS =
      List.of(System.getenv().getOrDefault("POSTGRES_MAJORS", "15 18").split(" "));

  @RegisterExtension static final Story story = new Story("postgresql", 1 + MAJORS.size());

  static List<String> majors() {
    return MAJORS;
  }

  @Test
  void dataOutliveTheServersPod() {
    story.apply("postgresql");
    story.instance("orders").awaitReady();
    story.pods().awaitReady("orders-client");
    // The application's role owns its database: it may make tables and schemas.
    psql("CREATE SCHEMA sales CREATE TABLE orders (id int PRIMARY KEY, what text)");
    psql("INSERT INTO sales.orders VALUES (1, 'anchor')");

    restartServer();

    assertThat(psql("SELECT what FROM sales.orders")).isEqualTo("anchor");
    assertThat(psql("SHOW max_connections")).isEqualTo("50");
    assertThat(psql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).isEqualTo("f");
  }

  /** 18 moved its data within the image; it must find them on the claim all the same. */
  @ParameterizedTest
  @MethodSource("majors")
  void OXY_19_everyMajorOfTheCatalogueRuns(String major) {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: orders}
            spec:
              backend: PostgreSQL
              postgresql: {version: "%s", storage: {size: 1Gi}}
            """
                .formatted(major)));
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Shell.TOP.resolve("examples/postgresql/client.yaml").toString());
    story.instance("orders").awaitReady();
    story.pods().awaitReady("orders-client");

    assertThat(psql("SHOW server_version")).startsWith(major + ".");
    psql("CREATE TABLE orders (id int PRIMARY KEY, what text)");
    psql("INSERT INTO orders VALUES (1, 'anchor')");

    restartServer();

    assertThat(psql("SELECT what FROM orders")).isEqualTo("anchor");
  }

  private static void restartServer() {
    Pods pods = story.pods();
    String former = Objects.requireNonNull(pods.get(SERVER)).getMetadata().getUid();
    pods.delete(SERVER);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> {
          var pod = pods.get(SERVER);
          return pod != null && !pod.getMetadata().getUid().equals(former);
        });
    pods.awaitReady(SERVER);
  }

  private static String psql(String statement) {
    return story.psql("orders", statement);
  }
}
