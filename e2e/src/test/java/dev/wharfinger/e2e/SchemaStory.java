package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A schema that is made before its application, changed beside it, and that fails once. */
class SchemaStory {
  @RegisterExtension static final Story story = new Story("schema", 2);

  @Test
  void CLB_19_theSchemaComesBeforeTheApplicationAndAFailureIsSaid() {
    story.apply("schema");
    story.instance("shelf").awaitReady();
    story.pods().awaitReady("shelf-client");
    assertThat(revision()).isEqualTo("2");
    await("the application's row")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(story.pods().log("shelf-client"))
                .contains("Two Years Before the Mast", "'en'"));

    // The application runs on, with the file open.
    file("V3__read.sql", "ALTER TABLE book ADD COLUMN read integer NOT NULL DEFAULT 0;");
    await("version 3").atMost(Duration.ofMinutes(3)).until(() -> "3".equals(revision()));
    story.instance("shelf").awaitReady();
    assertThat(rows("SELECT title, read FROM book")).contains("Two Years Before the Mast");
    String copy =
        Objects.requireNonNull(
                Objects.requireNonNull(story.instance("shelf").existing().getStatus()).schema())
            .copy();
    assertThat(story.pods().exec("shelf-client", "ls", "/data")).contains(copy);

    file("V4__bad.sql", "UPDATE book SET nothing = 1;");
    assertThat(story.instance("shelf").awaitMessage("Stalled", m -> m.contains("V4__bad.sql")))
        .contains("nothing", "on claim shelf-data");
    assertThat(story.instance("shelf").ready()).isFalse();
    assertThat(rows("SELECT title, read FROM book")).contains("Two Years Before the Mast");

    file("V4__bad.sql", "UPDATE book SET read = 1;");
    await("version 4").atMost(Duration.ofMinutes(3)).until(() -> "4".equals(revision()));
    story.instance("shelf").awaitReady();
    assertThat(rows("SELECT read FROM book")).contains("1");

    theApplicationsOwnToolGoesOn();
    theApplicationMigratesByItself();
  }

  /** In the image of a workload, on the node where the application has the file open. */
  private static void theApplicationsOwnToolGoesOn() {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: shelf-tool}
            spec:
              replicas: 0
              selector: {matchLabels: {app: shelf-tool}}
              template:
                metadata: {labels: {app: shelf-tool}}
                spec:
                  securityContext: {runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532}
                  containers:
                    - name: python
                      image: registry.local/ihatemoney:1
                      env:
                        - name: DATABASE
                          valueFrom: {secretKeyRef: {name: shelf-binding, key: path}}
                      volumeMounts: [{name: data, mountPath: /data}]
                  volumes: [{name: data, persistentVolumeClaim: {claimName: shelf-data}}]
            """));
    migrations(
        """
        {"flyway": null, "command": {"heads": ["echo", "b2"], "command": ["python3", "-c", "%s"]}}
        """
            .formatted(
                "import os, sqlite3; c = sqlite3.connect(os.environ['DATABASE']); "
                    + "c.execute('CREATE TABLE alembic_version (version_num text)'); "
                    + "c.execute('INSERT INTO alembic_version VALUES (?)', ('b2',)); c.commit()"));
    await("the tool's version").atMost(Duration.ofMinutes(3)).until(() -> "b2".equals(revision()));
    story.instance("shelf").awaitReady();
    assertThat(rows("SELECT title, read FROM book")).contains("Two Years Before the Mast");
    assertThat(story.pods().exec("shelf-client", "ls", "/data"))
        .contains(
            Objects.requireNonNull(
                    Objects.requireNonNull(story.instance("shelf").existing().getStatus()).schema())
                .copy());
  }

  private static void theApplicationMigratesByItself() {
    migrations(
        """
        {"run": null, "command": null, "onStart": {"revision": "c3"}}
        """);
    await("the revision of before")
        .atMost(Duration.ofMinutes(3))
        .until(() ->
            Objects.requireNonNull(story.instance("shelf").existing().getStatus().conditions())
                .stream()
                .anyMatch(c ->
                    c.getReason().equals("SchemaAwaited")
                        && c.getMessage().contains("of revision b2")));
    assertThat(story.instance("shelf").ready()).isTrue();
    story
        .pods()
        .exec(
            "shelf-client",
            "python3",
            "-c",
            "import sqlite3; c = sqlite3.connect('/data/shelf.db');"
                + " c.execute('UPDATE alembic_version SET version_num = ?', ('c3',)); c.commit()");
    await("the application's version")
        .atMost(Duration.ofMinutes(3))
        .until(() -> "c3".equals(revision()));
  }

  private static void migrations(String json) {
    story.instance("shelf").patch("{\"spec\": {\"schemaMigrations\": %s}}".formatted(json));
  }

  @Test
  void OXY_08_onPostgresqlTheRoleOfTheApplicationRunsThem() {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        Resources.file(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: orders-sql}
            data: {V1__orders.sql: "CREATE TABLE orders (id int PRIMARY KEY, what text);"}
            ---
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: orders}
            spec:
              backend: PostgreSQL
              schemaMigrations: {run: Always, flyway: {configMapRef: {name: orders-sql}}}
            """),
        "-f",
        Shell.TOP.resolve("examples/postgresql/client.yaml").toString());
    story.instance("orders").awaitReady();
    story.pods().awaitReady("orders-client");

    assertThat(story.instance("orders").existing().getStatus().schemaRevision()).isEqualTo("1");
    assertThat(story.psql("orders", "SELECT tableowner FROM pg_tables WHERE tablename = 'orders'"))
        .isEqualTo("orders");
  }

  private static void file(String name, String sql) {
    Shell.run(
        "kubectl",
        "patch",
        "configmap",
        "shelf-sql",
        "-n",
        story.namespace(),
        "--type",
        "merge",
        "--patch",
        "{\"data\":{\"%s\":\"%s\"}}".formatted(name, sql));
  }

  private static String revision() {
    return Objects.requireNonNullElse(
        Objects.requireNonNull(story.instance("shelf").existing().getStatus()).schemaRevision(),
        "none");
  }

  private static String rows(String sql) {
    return story
        .pods()
        .exec(
            "shelf-client",
            "python3",
            "-c",
            "import sqlite3; print(sqlite3.connect('/data/shelf.db').execute('%s').fetchall())"
                .formatted(sql));
  }
}
