package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.runner.ProbePod;
import dev.wharfinger.testing.MovedClock;
import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that is served already is looked at again, and what is done to it there is told. */
class ConnectionIT {
  private static final String TYPE = "ConnectionOk";

  /** Longer than any pause. */
  private static final Duration LONG = Duration.ofMinutes(31);

  private static PostgresServer server;
  private final MovedClock clock = new MovedClock();
  private Stage stage;
  private Probes looks;
  private int turn;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    server.demandPasswords();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() {
    stage = Stage.open("connection", clock);
    looks = new Probes(stage, "connection");
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void PHX_32_OXY_17_aPasswordThatIsChangedOnAnExternalServerIsToldAndNothingIsTaken()
      throws Exception {
    server.admin("postgres", "CREATE ROLE clerk LOGIN PASSWORD 'first'");
    server.admin("postgres", "CREATE DATABASE books OWNER clerk");
    external("books", "clerk", "first");
    stage.awaitReady("books");
    // It was probed before it was told.
    awaitCondition("books", "True", "Connected");
    assertThat(looks.of("books")).isEmpty();
    Map<String, String> bound = stage.get(Secret.class, "books-binding").getData();

    assertThat(run(look("books"))).isZero();
    stage.awaitReady("books");
    awaitCondition("books", "True", "Connected");

    server.admin("postgres", "ALTER ROLE clerk PASSWORD 'other'");
    Job refused = look("books");
    // What was said last stands until there is more to say.
    assertThat(condition("books")).returns("True", Condition::getStatus);
    assertThat(run(refused)).isEqualTo(2);
    awaitCondition("books", "False", "AuthenticationFailed");
    assertThat(condition("books").getMessage())
        .contains("role clerk", "psql", "SELECT 1", "the binding stays as it is")
        .doesNotContain("first", "other");
    stage.awaitReady("books");
    assertThat(stage.get(Secret.class, "books-binding").getData()).isEqualTo(bound);

    // The same again and again: Jobs come and go, and nothing else is written.
    stage.operator().writes().forget();
    for (int again = 0; again < 3; again++) {
      assertThat(run(look("books", Duration.ofMinutes(2L << again)))).isEqualTo(2);
      await("the one before is gone").until(() -> looks.of("books").size() == 1);
    }
    stage.awaitRest();
    assertThat(stage.operator().writes().seen())
        .isNotEmpty()
        .allMatch(w -> w.matches("(?s)(POST|DELETE) /apis/batch/v1/namespaces/[^/ ]+/jobs.*"));

    // As another operator finds it, and without its status.
    stage.stop();
    wipeStatus("books");
    stage.restart();
    awaitCondition("books", "False", "AuthenticationFailed");

    server.admin("postgres", "ALTER ROLE clerk PASSWORD 'first'");
    assertThat(run(look("books"))).isZero();
    awaitCondition("books", "True", "Connected");
    assertThat(stage.get(Secret.class, "books-binding").getData()).isEqualTo(bound);
  }

  /** They come with what is looked at anyway, and no status has them: it would never rest. */
  @Test
  void CLO_36_OXY_09_sizeAndConnectionsAreMetrics() throws Exception {
    server.admin("postgres", "CREATE ROLE abacus LOGIN PASSWORD 'first'");
    server.admin("postgres", "CREATE DATABASE sums OWNER abacus");
    external("sums", "abacus", "first");
    stage.awaitReady("sums");
    assertThat(stage.operator().metrics()).doesNotContain("\"sums\"");
    StorageInstance before = stage.instance("sums");
    try (Connection held =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/sums".formatted(server.port()), "abacus", "first");
        Statement statement = held.createStatement()) {
      held.setAutoCommit(false);
      statement.execute("SELECT 1");
      assertThat(run(look("sums"))).isZero();
    }
    awaitMetric("sums", "wharfinger_role_connections", "state=\"idle in transaction\"", 1);
    assertThat(metric("sums", "wharfinger_role_connections", "state=\"active\"")).isZero();
    assertThat(metric("sums", "wharfinger_database_connections", "")).isEqualTo(1);
    assertThat(metric("sums", "wharfinger_server_max_connections", "")).isEqualTo(100);
    assertThat(metric("sums", "wharfinger_database_size_bytes", "")).isGreaterThan(1_000_000);
    assertThat(metric("sums", "wharfinger_oldest_transaction_seconds", "")).isNotNegative();
    assertThat(metric("sums", "wharfinger_look_timestamp_seconds", "")).isPositive();
    stage.awaitRest();
    assertThat(stage.instance("sums").getStatus()).isEqualTo(before.getStatus());

    // Another operator reads them again from the Job.
    stage.restart();
    awaitMetric("sums", "wharfinger_database_connections", "", 1);

    stage.client().resource(stage.instance("sums")).delete();
    await("nothing of it").until(() -> !stage.operator().metrics().contains("\"sums\""));
  }

  /** An administrator's Secret makes what is missing before anybody is served, and never after. */
  @Test
  void PHX_16_aDatabaseThatIsGoneIsToldAndNotMadeAgain() throws Exception {
    server.admin("postgres", "CREATE ROLE porter LOGIN PASSWORD 'first'");
    server.admin("postgres", "CREATE ROLE boss LOGIN CREATEDB CREATEROLE PASSWORD 'boss'");
    server.admin("postgres", "CREATE DATABASE goods OWNER porter");
    secret("goods-admin", "boss", "boss");
    secret("goods-db", "porter", "first");
    stage.create(
        "goods",
        "{backend: PostgreSQL, postgresql: {external: {host: 127.0.0.1, port: %d, database: goods, credentialsSecretRef: {name: goods-db}, adminSecretRef: {name: goods-admin}}}}"
            .formatted(server.port()));
    stage.awaitReady("goods");

    server.admin("postgres", "DROP DATABASE goods");
    Job job = look("goods");
    Container runner = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    assertThat(runner.getArgs()).doesNotContain("--create");
    assertThat(runner.getEnv())
        .extracting(EnvVar::getName)
        .containsExactlyInAnyOrder("PGUSER", "PGPASSWORD");
    assertThat(run(job)).isEqualTo(2);
    awaitCondition("goods", "False", "DatabaseMissing");
    stage.awaitReady("goods");

    // Whoever corrects the Secret need not wait: it is probed before it is told.
    server.admin("postgres", "CREATE DATABASE goods OWNER porter");
    server.admin("postgres", "ALTER ROLE porter PASSWORD 'second'");
    stage.merge(Secret.class, "goods-db", "{\"stringData\":{\"password\":\"second\"}}");
    stage.touch("goods", ++turn);
    awaitCondition("goods", "True", "Connected");
    assertThat(data("goods-binding")).containsEntry("password", "second");
  }

  @Test
  void PHX_32_OXY_17_soItIsWithAServerOfTheOperatorsOwn() throws Exception {
    stage.create("ledger", "{backend: PostgreSQL}");
    stage.awaitReady("ledger");
    String script = Objects.requireNonNull(data("ledger-credentials").get("bootstrap.sql"));
    for (String statement : script.split(";\n")) {
      server.admin("postgres", statement);
    }
    assertThat(found("ledger")).isNull();
    assertThat(run(look("ledger"))).isZero();
    awaitCondition("ledger", "True", "Connected");

    server.admin("postgres", "ALTER ROLE ledger PASSWORD 'behind-the-back'");
    assertThat(run(look("ledger"))).isEqualTo(2);
    awaitCondition("ledger", "False", "AuthenticationFailed");
    assertThat(condition("ledger").getMessage())
        .contains("kubectl edit secret ledger-credentials")
        .doesNotContain("behind-the-back");
    stage.awaitReady("ledger");

    // As the message says; the Job that proves the password is played by a stand-in.
    stage.merge(
        Secret.class, "ledger-credentials", "{\"stringData\":{\"password\":\"behind-the-back\"}}");
    await("the binding")
        .until(() -> "behind-the-back".equals(data("ledger-binding").get("password")));
    // Another Secret is looked at without a pause.
    assertThat(run(looks.job("ledger"))).isZero();
    awaitCondition("ledger", "True", "Connected");
    await("one Job").until(() -> looks.of("ledger").size() == 1);

    stage.merge(StorageInstance.class, "ledger", "{\"spec\":{\"suspend\":true}}");
    stage.awaitStalled("ledger", "Suspended");
    assertThat(found("ledger")).isNull();
  }

  @Test
  void aLookThatDoesNotComeToItsEndClaimsNothing() throws Exception {
    external("slow", "clerk", "none");
    stage.awaitReady("slow");
    awaitCondition("slow", "True", "Connected");
    Job first = look("slow");
    looks.waits(first);
    clock.to(clock.instant().plus(LONG));
    stage.touch("slow", ++turn);
    awaitCondition("slow", "Unknown", "Probing");
    assertThat(condition("slow").getMessage()).contains(first.getMetadata().getName());
    assertThat(looks.of("slow")).hasSize(1);

    looks.fail(first, "BackoffLimitExceeded");
    awaitCondition("slow", "Unknown", "ProbeFailed");
    Job second = look("slow", Duration.ofMinutes(2));
    looks.says(second, 1, "connection-refused", "nobody listens");
    // One that may pass is tried again by the Job before it is told.
    stage.touch("slow", ++turn);
    assertThat(condition("slow")).returns("Unknown", Condition::getStatus);
    looks.fail(second, "BackoffLimitExceeded");
    awaitCondition("slow", "False", "ConnectionRefused");
    stage.awaitReady("slow");
  }

  @Test
  void nobodyLooksAtAFile() {
    stage.create("filed", "{backend: SQLite}");
    stage.awaitReady("filed");
    clock.to(clock.instant().plus(LONG));
    stage.touch("filed", ++turn);
    stage.awaitRest();
    assertThat(looks.of("filed")).isEmpty();
    assertThat(found("filed")).isNull();
  }

  private void external(String name, String role, String password) {
    secret(name + "-db", role, password);
    stage.create(
        name,
        "{backend: PostgreSQL, postgresql: {external: {host: 127.0.0.1, port: %d, database: %s, credentialsSecretRef: {name: %s-db}}}}"
            .formatted(server.port(), name, name));
  }

  private void secret(String name, String role, String password) {
    stage
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(stage.namespace())
                .endMetadata()
                .withStringData(Map.of("username", role, "password", password))
                .build())
        .create();
  }

  private Job look(String instance) {
    return look(instance, LONG);
  }

  /** The one that comes once a pause is over. */
  private Job look(String instance, Duration pause) {
    clock.to(clock.instant().plus(pause));
    stage.touch(instance, ++turn);
    return looks.job(instance);
  }

  /** The Job's pod runs, and the Job ends as that does. */
  private int run(Job job) throws Exception {
    Container container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      var ref = variable.getValueFrom() == null ? null : variable.getValueFrom().getSecretKeyRef();
      environment.put(
          variable.getName(),
          ref == null
              ? variable.getValue()
              : Objects.requireNonNull(data(ref.getName()).get(ref.getKey())));
    }
    List<String> arguments =
        container.getArgs().stream()
            .map(a ->
                a.replaceFirst(
                    "^postgresql://[^/]*/", "postgresql://127.0.0.1:%d/".formatted(server.port())))
            .toList();
    ProbePod.End end = ProbePod.run(arguments, environment);
    looks.says(job, end.exit(), end.words());
    if (end.exit() == 0) {
      looks.complete(job);
    } else {
      looks.fail(job, "PodFailurePolicy");
    }
    return end.exit();
  }

  private Map<String, String> data(String secret) {
    return CertificateSecrets.data(stage.get(Secret.class, secret));
  }

  private void awaitMetric(String instance, String name, String label, double value) {
    await(name).atMost(Duration.ofSeconds(20)).until(() -> metric(instance, name, label) == value);
  }

  /** NaN where there is none. */
  private double metric(String instance, String name, String label) {
    return stage
        .operator()
        .metrics()
        .lines()
        .filter(l -> l.startsWith(name + "{"))
        .filter(l -> l.contains("instance=\"" + instance + "\"") && l.contains(label))
        .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' '))))
        .findFirst()
        .orElse(Double.NaN);
  }

  private void wipeStatus(String name) {
    stage
        .client()
        .resources(StorageInstance.class)
        .inNamespace(stage.namespace())
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
  }

  private @Nullable Condition found(String name) {
    return Stage.condition(stage.instance(name), TYPE);
  }

  private Condition condition(String name) {
    return Objects.requireNonNull(found(name));
  }

  private void awaitCondition(String name, String status, String reason) {
    await(name + " " + TYPE + "=" + status + " " + reason)
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() ->
            assertThat(found(name))
                .isNotNull()
                .returns(status, Condition::getStatus)
                .returns(reason, Condition::getReason));
  }
}
