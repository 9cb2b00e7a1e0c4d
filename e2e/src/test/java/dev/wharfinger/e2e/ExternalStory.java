package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A PostgreSQL that somebody else runs; here another instance's server plays it. */
class ExternalStory {
  @RegisterExtension static final Story story = new Story("external", 1);

  @Test
  void aServerOfSomebodyElseIsProbedUsedAndLeftAlone() {
    apply("postgres", "{backend: PostgreSQL, postgresql: {database: shop, storage: {size: 1Gi}}}");
    secret("wr@ng/%:+ word");
    apply(
        "orders",
        """
        {backend: PostgreSQL, postgresql: {external: {host: postgres-postgresql.%s.svc,
          database: shop, credentialsSecretRef: {name: orders-db}}}}
        """
            .formatted(story.namespace()));

    assertThat(story.instance("orders").awaitMessage("Stalled", m -> m.contains("role shop")))
        .contains("psql")
        .doesNotContain("wr@ng");
    story.instance("postgres").awaitReady();
    secret(Objects.requireNonNull(story.instance("postgres").binding().get("password")));
    story.instance("orders").awaitReady();
    client();
    story.psql("orders", "CREATE TABLE orders (id int PRIMARY KEY, what text)");
    story.psql("orders", "INSERT INTO orders VALUES (1, 'anchor')");
    assertThat(names("statefulsets")).doesNotContain("orders");
    assertThat(names("persistentvolumeclaims")).doesNotContain("orders");

    story.psql("orders", "ALTER ROLE shop PASSWORD 'n3w/p@ss word'");
    secret("n3w/p@ss word");
    await("the new password reaches the binding")
        .atMost(Duration.ofMinutes(2))
        .until(() -> "n3w/p@ss word".equals(story.instance("orders").binding().get("password")));
    assertThat(story.psql("orders", "SELECT what FROM orders")).isEqualTo("anchor");

    String uri = Objects.requireNonNull(story.instance("orders").binding().get("uri"));
    Shell.run("kubectl", "delete", "si", "orders", "-n", story.namespace());
    assertThat(
            story
                .pods()
                .exec("orders-client", "psql", "-qAt", uri, "-c", "SELECT what FROM orders"))
        .isEqualTo("anchor");
    assertThat(names("secrets")).contains("orders-db");
  }

  private static void client() {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Shell.TOP.resolve("examples/postgresql/client.yaml").toString());
    story.pods().awaitReady("orders-client");
  }

  private static void secret(String password) {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: orders-db}
            stringData: {username: shop, password: "%s"}
            """
                .formatted(password)));
  }

  private static String names(String kind) {
    return Shell.run("kubectl", "get", kind, "-n", story.namespace(), "-o", "name");
  }

  private static void apply(String name, String spec) {
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
            metadata: {name: %s}
            spec: %s
            """
                .formatted(name, spec.strip().replace("\n", " "))));
  }
}
