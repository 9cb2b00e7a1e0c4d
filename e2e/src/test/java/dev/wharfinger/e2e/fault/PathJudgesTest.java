package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.e2e.fault.History.Seen.Kind;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is judged of TLS, of schemas and of servers that somebody else runs. Needs no cluster. */
class PathJudgesTest {
  private final History history = new History();
  private final World world = new World(history);
  private final Invariants invariants = new Invariants("ns", world);

  PathJudgesTest() {
    history.read(invariants);
  }

  private String broken() {
    return Objects.requireNonNull(invariants.first(), "no invariant is broken").text();
  }

  private void request(String method, String path, String body) {
    history.asked(ApiRequest.of(method, URI.create(path), body.getBytes(StandardCharsets.UTF_8)));
  }

  private void seen(String name, String metadata, String data) {
    history.seen(
        Kind.ADDED,
        Serialization.unmarshal(
            """
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s","namespace":"ns","uid":"%s","resourceVersion":"1"%s},
             "data":{%s}}
            """
                .formatted(name, name, metadata, data),
            Secret.class));
  }

  private void seenBinding(String annotations, String data) {
    seen(
        "app-binding",
        ",\"labels\":{\"wharfinger.dev/instance-uid\":\"i1\"},\"annotations\":{\"wharfinger.dev/backend\":\"PostgreSQL\",\"wharfinger.dev/epoch\":\"1\""
            + annotations
            + "}",
        "\"type\":\"cG9zdGdyZXNxbA==\"" + data);
  }

  private void seenInstance(String schemaMigrations) {
    history.seen(
        Kind.ADDED,
        Serialization.unmarshal(
            """
            {"apiVersion":"wharfinger.dev/v1alpha1","kind":"StorageInstance",
             "metadata":{"name":"app","namespace":"ns","uid":"i1","resourceVersion":"1"},
             "spec":{"schemaMigrations":%s}}
            """
                .formatted(schemaMigrations),
            StorageInstance.class));
  }

  @Test
  void I4_aPasswordThatTheRoleWasNeverGiven() {
    world.start("app-postgresql", "volume", "right");
    // app-postgresql.ns.svc
    String host = ",\"host\":\"YXBwLXBvc3RncmVzcWwubnMuc3Zj\"";
    seenBinding("", host + ",\"password\":\"cmlnaHQ=\"");
    assertThat(invariants.first()).isNull();
    seenBinding("", host + ",\"password\":\"d3Jvbmc=\"");
    assertThat(broken()).startsWith("I4");
  }

  @Test
  void T02_aPasswordThatIsSaidToBeTheRoles() {
    seen("app-postgresql-role", "", "\"password\":\"cmlnaHQ=\"");
    world.start("app-postgresql", "volume", "right");
    seen("app-postgresql-role", "", "\"password\":\"cmlnaHQ=\"");
    assertThat(invariants.first()).isNull();
    seen("app-postgresql-role", "", "\"password\":\"d3Jvbmc=\"");
    assertThat(broken()).startsWith("T02");
  }

  @Test
  void T02_aPasswordThatSomebodyWishedForMayChange() {
    seen("app-credentials", "", "\"password\":\"cmlnaHQ=\"");
    world.wished("wrong");
    seen("app-credentials", "", "\"password\":\"d3Jvbmc=\"");
    assertThat(invariants.first()).isNull();
    seen("app-credentials", "", "\"password\":\"b3RoZXI=\"");
    assertThat(broken()).startsWith("T02");
  }

  @Test
  void I4_aPasswordThatNoProbeHasTried() {
    world.start("db", "volume", "right");
    String external = ",\"wharfinger.dev/external\":\"db.example.com:5432/app\"";
    // db.example.com
    String host = ",\"host\":\"ZGIuZXhhbXBsZS5jb20=\"";
    world.probe("db", "right", Tls.Client.EASY);
    seenBinding(external, host + ",\"password\":\"cmlnaHQ=\"");
    assertThat(invariants.first()).isNull();
    world.probe("db", "wrong", Tls.Client.EASY);
    seenBinding(external, host + ",\"password\":\"d3Jvbmc=\"");
    assertThat(broken()).startsWith("I4");
  }

  @Test
  void I5_aSchemaThatChangesUnderATransfer() {
    world.makeFile("claim", false);
    var file = Objects.requireNonNull(world.file("claim"));
    world.schemas().begin(file, "job");
    world.schemas().end("job");
    assertThat(invariants.first()).isNull();
    world.lock("claim", "transfer");
    world.seal("claim", "op");
    world.schemas().begin(file, "another");
    assertThat(broken()).startsWith("I5").contains("op");
  }

  @Test
  void I8_aLineOfAKeyOutsideOfASecret() {
    // -----BEGIN PRIVATE KEY-----, canary-line, -----END PRIVATE KEY-----
    seen(
        "app-postgresql-tls",
        "",
        "\"tls.key\":\"LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCmNhbmFyeS1saW5lCi0tLS0tRU5EIFBSSVZBVEUgS0VZLS0tLS0K\"");
    request("PATCH", "/api/v1/namespaces/ns/configmaps/x", "{\"data\":{\"a\":\"canary-line\"}}");
    assertThat(broken()).startsWith("I8");
  }

  @Test
  void I11_aStrangersCertificate() {
    world.start("pg", "volume", "secret");
    world.serve("pg", new Tls(true, true, "nobody's"));
    assertThat(world.connect("pg", "secret", new Tls.Client("disable", "", "pg"))).isNull();
    assertThat(world.connect("pg", "secret", new Tls.Client("require", "", "pg"))).isNotNull();
    assertThat(invariants.first()).isNull();
    assertThat(world.connect("pg", "secret", new Tls.Client("verify-full", "", "pg"))).isNull();
    assertThat(broken()).startsWith("I11");
  }

  @Test
  void I12_twoJobsForOneSchema() {
    world.start("pg", "volume", "secret");
    var database = Objects.requireNonNull(world.connect("pg", "secret"));
    world.schemas().begin(database, "one");
    world.schemas().begin(database, "one");
    assertThat(invariants.first()).isNull();
    world.schemas().begin(database, "two");
    assertThat(broken()).startsWith("I12");
  }

  @Test
  void I12_aJobForTheSchemaInAMove() {
    String jobs = "/apis/batch/v1/namespaces/ns/jobs";
    String job =
        "{\"metadata\":{\"name\":\"app-schema-1\",\"labels\":{\"app.kubernetes.io/component\":\"schema\"}}}";
    String migration =
        """
        {"apiVersion":"wharfinger.dev/v1alpha1","kind":"StorageMigration",
         "metadata":{"name":"%s","namespace":"ns","uid":"%s","resourceVersion":"1"},
         "spec":{"instanceRef":{"name":"app"},"from":"SQLite","to":"PostgreSQL"}}
        """;
    history.seen(
        Kind.ADDED,
        Serialization.unmarshal(migration.formatted("one", "m1"), StorageMigration.class));
    request(
        "PATCH",
        "/apis/wharfinger.dev/v1alpha1/namespaces/ns/storagemigrations/one",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/ended\":\"Done\"}}}");
    request("POST", jobs, job);
    assertThat(invariants.first()).isNull();
    history.seen(
        Kind.ADDED,
        Serialization.unmarshal(migration.formatted("two", "m2"), StorageMigration.class));
    request("POST", jobs, job);
    assertThat(broken()).startsWith("I12");
  }

  @Test
  void I12_aBindingAfterItsSchema() {
    seenInstance("{\"run\":\"Always\",\"failFast\":false}");
    seenBinding("", "");
    assertThat(invariants.first()).isNull();
    seenInstance("{\"run\":\"Always\"}");
    world.schemas().made("postgresql");
    seenBinding("", "");
    assertThat(invariants.first()).isNull();
  }

  @Test
  void I12_aBindingWithoutItsSchema() {
    seenInstance("{\"run\":\"Always\"}");
    world.schemas().made("sqlite");
    seenBinding("", "");
    assertThat(broken()).startsWith("I12");
  }

  @Test
  void I13_aCommandThatRunsTwice() {
    world.makeFile("claim", false);
    var file = Objects.requireNonNull(world.file("claim"));
    world.schemas().command(file, "app:1", true);
    world.schemas().command(file, "app:2", true);
    assertThat(invariants.first()).isNull();
    world.schemas().command(file, "app:1", true);
    assertThat(broken()).startsWith("I13").contains("app:1");
  }

  @Test
  void I13_aCommandBeforeItsCopy() {
    world.makeFile("claim", false);
    world.schemas().command(Objects.requireNonNull(world.file("claim")), "app:1", false);
    assertThat(broken()).startsWith("I13");
  }

  @Test
  void I13_aBackupIsOfUseOnce() {
    world.start("pg", "volume", "secret");
    var database = Objects.requireNonNull(world.connect("pg", "secret"));
    assertThat(world.schemas().takeBackup(database)).isTrue();
    world.schemas().wantBackups();
    assertThat(world.schemas().takeBackup(database)).isFalse();
    world.schemas().saved(database);
    assertThat(world.schemas().takeBackup(database)).isTrue();
    assertThat(world.schemas().takeBackup(database)).isFalse();
  }
}
