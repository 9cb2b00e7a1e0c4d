package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What goes wrong between an application's own tool and its database has a reason of its own. */
class ReasonsStory {
  @RegisterExtension static final Story story = new Story("reasons", 2);

  private static final String OPEN =
      "import os, sqlite3; c = sqlite3.connect(os.environ['DATABASE'], timeout=1); ";
  private static final String FILL =
      "c.execute('CREATE TABLE IF NOT EXISTS book (text BLOB)'); "
          + "c.execute('INSERT INTO book VALUES (zeroblob(1000000))'); c.commit()";
  private static final String HOLD =
      "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); import signal; signal.pause()";

  private static final String TOOL =
      """
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        fsGroup: 65532
        seccompProfile: {type: RuntimeDefault}
      terminationGracePeriodSeconds: 0
      containers:
        - name: tool
          image: registry.local/ihatemoney:1
          command: %s
          env: [{name: %s, valueFrom: {secretKeyRef: {name: %s-binding, key: %s}}}]
          volumeMounts: [{name: data, mountPath: /data}]
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      volumes: [%s]
      """;

  @Test
  void PHX_31_OXY_30_onFiles() {
    String tool =
        TOOL.formatted(
            "%s",
            "DATABASE",
            "shelf",
            "path",
            "{name: data, persistentVolumeClaim: {claimName: shelf-data}}");
    create("shelf", "SQLite", tool);

    runs("shelf", "import sqlite3; sqlite3.connect('/no/x.db')");
    assertThat(told("shelf", "PathWrong"))
        .contains("unable to open database file", "/data/shelf.db");
    runs("shelf", OPEN + "c.execute('PRAGMA max_page_count = 8'); " + FILL);
    assertThat(told("shelf", "DiskFull"))
        .contains("database or disk is full", "claim shelf-data has 1Gi");

    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: writer}
        spec:
        """,
        tool.formatted(json(python(OPEN + HOLD))).indent(2));
    story.pods().awaitReady("writer");
    await("the writer's lock")
        .atMost(Duration.ofMinutes(1))
        .until(() -> story.pods().log("writer").contains("held"));
    runs("shelf", OPEN + FILL);
    assertThat(told("shelf", "DatabaseLocked"))
        .contains("database is locked", "claim shelf-data is used by pod writer");

    story.pods().delete("writer");
    runs("shelf", OPEN + FILL + "; print('done')");
    story.instance("shelf").awaitReady();
  }

  @Test
  void PHX_09_PIP_15_CLO_33_onAServer() {
    create(
        "orders",
        "PostgreSQL",
        TOOL.formatted("%s", "DATABASE_URL", "orders", "uri", "{name: data, emptyDir: {}}"));

    runs("orders", "from sqlalchemy import create_engine; create_engine('postgresql+pg8000://')");
    assertThat(told("orders", "DriverMissing")).contains("No module named 'pg8000'");
    runs(
        "orders",
        "import os, psycopg2; psycopg2.connect(os.environ['DATABASE_URL'], dbname='gone')");
    assertThat(told("orders", "DatabaseMissing")).contains("database \"gone\" does not exist");

    // Alembic says for itself what it has.
    String heads =
        "cd /tmp && (alembic init m && for r in a1 b2; do"
            + " alembic revision --rev-id $r --head base --splice -m $r; done) >&2; alembic heads";
    command("orders", "heads", List.of("sh", "-c", heads));
    assertThat(told("orders", "MultipleHeads")).contains("a1", "b2");
    command("orders", "heads", null);

    String url = "import os, psycopg2; d = psycopg2.connect(os.environ['DATABASE_URL']); ";
    String asOwner = url + "d.autocommit = True; c = d.cursor(); c.execute(\"%s\"); ";
    runs(
        "orders",
        asOwner.formatted("REVOKE CREATE ON SCHEMA public FROM pg_database_owner")
            + "c.execute('CREATE TABLE orders (id int)')");
    assertThat(told("orders", "PermissionDenied")).contains("permission denied for schema public");
    runs("orders", asOwner.formatted("ALTER ROLE orders PASSWORD 'other'") + url);
    assertThat(told("orders", "AuthenticationFailed"))
        .contains("password authentication failed", "Secret orders-postgresql-role");
  }

  /** An instance, and a workload whose image has Python, Alembic and drivers. */
  private static void create(String name, String backend, String tool) {
    apply(
        """
        apiVersion: wharfinger.dev/v1alpha1
        kind: StorageInstance
        metadata: {name: %1$s}
        spec:
          backend: %2$s
          schemaMigrations: {run: Always, backupFirst: false, command: {command: ["true"]}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s-tool}
        spec:
          replicas: 0
          selector: {matchLabels: {app: tool}}
          template:
            metadata: {labels: {app: tool}}
            spec:
        """
            .formatted(name, backend),
        tool.formatted("[python3]").indent(6));
    story.instance(name).awaitReady();
  }

  private static void apply(String yaml, String pod) {
    Shell.run("kubectl", "apply", "-n", story.namespace(), "-f", Resources.file(yaml + pod));
  }

  /** The instance's migrations are this program from now on. */
  private static void runs(String instance, String program) {
    command(instance, "command", python(program));
  }

  private static void command(String instance, String field, @Nullable List<String> words) {
    Map<String, Object> command = new HashMap<>();
    command.put(field, words);
    story
        .instance(instance)
        .patch(json(Map.of("spec", Map.of("schemaMigrations", Map.of("command", command)))));
  }

  private static String told(String instance, String reason) {
    return story.instance(instance).awaitReason("SchemaMigrated", reason);
  }

  private static List<String> python(String program) {
    return List.of("python3", "-c", program);
  }

  private static String json(Object value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
