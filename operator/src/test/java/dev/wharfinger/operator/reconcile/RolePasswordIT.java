package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.runner.PasswordPod;
import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A role on a real server, made by what the operator wrote for that, and given other passwords by
 * the very command of its Jobs: whatever happens to the Secrets, somebody knows what it has.
 */
class RolePasswordIT {
  private static final int REFUSED = 2;

  private static PostgresServer server;
  private static Stage stage;
  private static Probes jobs;

  @BeforeAll
  static void open() throws Exception {
    server = PostgresServer.start();
    server.demandPasswords();
    stage = Stage.open("role");
    jobs = new Probes(stage, "password");
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
    server.close();
  }

  @Test
  void editedBeforeTheServerIsMade() throws Exception {
    stage.standIns().leave("postgresql");
    stage.create("early", "{backend: PostgreSQL}");
    stage.awaitObject(Secret.class, "early-credentials");
    edit("early", "another");
    made("early");
    boundWithWhatWasWished("early", "another");
  }

  @Test
  void editedBeforeTheApplicationIsTold() throws Exception {
    stage.standIns().leave("postgresql");
    stage.create("unbound", "{backend: PostgreSQL}");
    stage.awaitObject(Secret.class, "unbound-credentials");
    made("unbound");
    edit("unbound", "another");
    boundWithWhatWasWished("unbound", "another");
  }

  private static void boundWithWhatWasWished(String name, String password) throws Exception {
    stage.standIns().serve("postgresql");
    Job job = job(name);
    stage.awaitRest();
    assertThat(stage.find(Secret.class, name + "-binding")).isNull();
    assertThat(run(job)).isZero();
    rests(name, password);
  }

  @Test
  void editedAgainAndAgainWhileTheJobWorks() throws Exception {
    begins("often");
    edit("often", "first");
    Job job = job("often");
    edit("often", "second");
    edit("often", "third");
    stage.awaitRest();
    assertThat(run(job)).isZero();
    Job last = next("often", job);
    assertThat(opens("often", Objects.requireNonNull(secret("often-binding").get("password"))))
        .isTrue();
    assertThat(run(last)).isZero();
    rests("often", "third");
  }

  @Test
  void whatIsNoPasswordIsSaidWithoutAJob() throws Exception {
    String before = begins("odd");
    for (String odd : new String[] {"", "line\\n", "h\u00e4fen"}) {
      edit("odd", odd);
      assertThat(stage.awaitStalled("odd", "PasswordRefused"))
          .contains("odd-credentials", "odd-postgresql-role");
      assertThat(secret("odd-binding")).containsEntry("password", before);
      assertThat(jobs.of("odd")).isEmpty();
    }
    edit("odd", before);
    rests("odd", before);
    assertThat(jobs.of("odd")).isEmpty();
  }

  @Test
  void eachOfTheTwoSecretsBringsTheOtherBack() throws Exception {
    String before = begins("lost");
    Map<String, String> credentials = secret("lost-credentials");
    delete("lost-credentials");
    await().until(() -> stage.find(Secret.class, "lost-credentials") != null);
    rests("lost", before);
    assertThat(secret("lost-credentials")).isEqualTo(credentials);

    delete("lost-postgresql-role");
    await().until(() -> stage.find(Secret.class, "lost-postgresql-role") != null);
    rests("lost", before);
    assertThat(secret("lost-postgresql-role")).isEqualTo(credentials);
  }

  /** As a manifest does it that has the password and nothing else. */
  @Test
  void whatSomebodysManifestLeavesOutComesBack() throws Exception {
    String before = begins("bare");
    Map<String, String> credentials = secret("bare-credentials");
    stage.merge(
        Secret.class,
        "bare-credentials",
        "{\"data\":{\"bootstrap.sql\":null,\"data-id\":null,\"username\":null,\"password\":null}}");
    await().until(() -> secret("bare-credentials").equals(credentials));
    rests("bare", before);
  }

  @Test
  void whatAnAdministratorGaveItIsFoundOutByWritingIt() throws Exception {
    String before = begins("behind");
    server.admin("postgres", "ALTER ROLE behind PASSWORD 'elsewhere'");
    edit("behind", "another");
    Job job = job("behind");
    assertThat(run(job)).isEqualTo(REFUSED);
    assertThat(stage.awaitStalled("behind", "PasswordRefused")).contains("behind-credentials");
    assertThat(secret("behind-binding")).containsEntry("password", before);
    edit("behind", "elsewhere");
    assertThat(run(next("behind", job))).isZero();
    rests("behind", "elsewhere");
  }

  @Test
  void editedBeforeWhatIsRetainedIsAdopted() throws Exception {
    String before = begins("adopted");
    String former = retain("adopted");
    edit("adopted", "another");
    adopt("adopted", former);
    Job job = job("adopted");
    assertThat(secret("adopted-postgresql-role")).containsEntry("password", before);
    assertThat(run(job)).isZero();
    rests("adopted", "another");
  }

  /** Nobody is told of a password that nobody knows to be the role's. */
  @Test
  void whereNobodyKnowsItTheJobFindsOut() throws Exception {
    String before = begins("unknown");
    String former = retain("unknown");
    delete("unknown-postgresql-role");
    edit("unknown", "another");
    adopt("unknown", former);
    Job job = job("unknown");
    assertThat(run(job)).isEqualTo(REFUSED);
    assertThat(stage.awaitStalled("unknown", "PasswordRefused"))
        .contains("nobody has noted", "unknown-credentials");
    assertThat(stage.find(Secret.class, "unknown-binding")).isNull();

    // What was refused proves nothing for the next one.
    edit("unknown", "a third");
    Job second = next("unknown", job);
    stage.awaitRest();
    assertThat(stage.find(Secret.class, "unknown-binding")).isNull();
    assertThat(run(second)).isEqualTo(REFUSED);
    assertThat(stage.awaitStalled("unknown", "PasswordRefused")).contains("nobody has noted");
    edit("unknown", before);
    Job third = next("unknown", second);
    stage.awaitRest();
    assertThat(stage.find(Secret.class, "unknown-binding")).isNull();
    assertThat(run(third)).isZero();
    rests("unknown", before);
  }

  /** What the application has stands nowhere else by then. */
  @Test
  void bothSecretsOfAnOlderBackupLockNobodyOut() throws Exception {
    String before = begins("stale");
    Map<String, String> credentials = secret("stale-credentials");
    Map<String, String> role = secret("stale-postgresql-role");
    Job first = given("stale", "another");
    stage.stop();
    restore("stale-credentials", credentials);
    restore("stale-postgresql-role", role);
    stage.restart();
    Job job = next("stale", first);
    stage.awaitRest();
    assertThat(secret("stale-binding")).containsEntry("password", "another");
    assertThat(secret("stale-postgresql-role"))
        .containsEntry("password", "another")
        .containsEntry("next-password", before);
    assertThat(run(job)).isZero();
    rests("stale", before);
  }

  /** As after an operator that kept none was there again, and gave the role another password. */
  @Test
  void aNoteThatIsOlderIsBroughtUpToDate() throws Exception {
    String before = begins("behindhand");
    Map<String, String> role = secret("behindhand-postgresql-role");
    Job first = given("behindhand", "another");
    stage.stop();
    restore("behindhand-postgresql-role", role);
    stage.restart();
    Job job = next("behindhand", first);
    stage.awaitRest();
    assertThat(secret("behindhand-binding")).containsEntry("password", "another");
    assertThat(secret("behindhand-postgresql-role"))
        .containsEntry("password", before)
        .containsEntry("next-password", "another");
    assertThat(run(job)).isZero();
    rests("behindhand", "another");
  }

  @Test
  void whatIsWrittenIntoTheBindingIsSetBackWhenTheRoleDoesNotHaveIt() throws Exception {
    String before = begins("bound");
    stage.merge(Secret.class, "bound-binding", "{\"stringData\":{\"password\":\"another\"}}");
    assertThat(run(job("bound"))).isZero();
    rests("bound", before);
  }

  /** Somebody had gone back to it, and the note is of before that. */
  @Test
  void whatAnOperatorOfBeforeBeginsAfterTheNoteIsBroughtToItsEnd() throws Exception {
    String before = begins("rolled");
    stage.stop();
    server.admin("postgres", "ALTER ROLE rolled PASSWORD 'another'");
    stage.merge(Secret.class, "rolled-binding", "{\"stringData\":{\"password\":\"another\"}}");
    stage.merge(
        Secret.class,
        "rolled-credentials",
        "{\"stringData\":{\"password\":\"third\",\"asked-password\":\"third\",\"former-password\":\"another\",\"asked-id\":\"y\"}}");
    assertThat(secret("rolled-postgresql-role")).containsEntry("password", before);
    stage.restart();
    Job job = job("rolled");
    stage.awaitRest();
    assertThat(secret("rolled-postgresql-role"))
        .containsEntry("password", "another")
        .containsEntry("next-password", "third")
        .containsEntry("next-id", "y");
    assertThat(secret("rolled-binding")).containsEntry("password", "another");
    // Pods of a Job of that operator read it there.
    assertThat(secret("rolled-credentials")).containsEntry("former-password", "another");
    assertThat(run(job)).isZero();
    rests("rolled", "third");
    assertThat(secret("rolled-credentials"))
        .containsOnlyKeys("bootstrap.sql", "data-id", "password", "username");
  }

  /** As a backup brings it back that was made in the moment of a change of long ago. */
  @Test
  void whatAnOperatorOfBeforeHadBegunLongAgoIsTakenAway() throws Exception {
    String before = begins("leftover");
    Map<String, String> credentials = secret("leftover-credentials");
    stage.merge(
        Secret.class,
        "leftover-credentials",
        "{\"stringData\":{\"asked-password\":\"second\",\"former-password\":\"first\",\"asked-id\":\"z\"}}");
    await().until(() -> secret("leftover-credentials").equals(credentials));
    rests("leftover", before);
    assertThat(jobs.of("leftover")).isEmpty();
  }

  @Test
  void aNoteThatLostItsPasswordGetsItBack() throws Exception {
    String before = begins("hollow");
    String binding = version("hollow-binding");
    stage.merge(Secret.class, "hollow-postgresql-role", "{\"data\":{\"password\":null}}");
    await().until(() -> before.equals(secret("hollow-postgresql-role").get("password")));
    rests("hollow", before);
    assertThat(version("hollow-binding")).isEqualTo(binding);
    assertThat(jobs.of("hollow")).isEmpty();
  }

  @Test
  void whereNoPasswordIsLeftThatIsSaid() throws Exception {
    String before = begins("empty");
    String former = retain("empty");
    for (String secret : new String[] {"empty-credentials", "empty-postgresql-role"}) {
      stage.merge(Secret.class, secret, "{\"data\":{\"password\":null}}");
    }
    adopt("empty", former);
    assertThat(stage.awaitStalled("empty", "CredentialsMissing"))
        .contains("empty-credentials", "empty-postgresql-role");
    assertThat(stage.find(Secret.class, "empty-binding")).isNull();
    edit("empty", before);
    rests("empty", before);
    assertThat(jobs.of("empty")).isEmpty();
  }

  /** No role can be made with it, and none is to wait for another. */
  @Test
  void whatIsNoPasswordBeforeTheServerIsMadeIsNotNoted() throws Exception {
    stage.standIns().leave("postgresql");
    stage.create("unfit", "{backend: PostgreSQL}");
    stage.awaitObject(Secret.class, "unfit-credentials");
    stage.stop();
    edit("unfit", "");
    delete("unfit-postgresql-role");
    stage.restart();
    stage.awaitObject(Secret.class, "unfit-postgresql-role");
    String script = secret("unfit-postgresql-role").get("bootstrap.sql");
    await().until(() -> Objects.equals(secret("unfit-credentials").get("bootstrap.sql"), script));
    made("unfit");
    stage.standIns().serve("postgresql");
    assertThat(stage.awaitStalled("unfit", "PasswordRefused")).contains("unfit-credentials");
    String password = Objects.requireNonNull(secret("unfit-binding").get("password"));
    assertThat(opens("unfit", password)).isTrue();
    edit("unfit", password);
    rests("unfit", password);
    assertThat(jobs.of("unfit")).isEmpty();
  }

  /** Such an operator kept all of it in the Secret with the credentials. */
  @Test
  void whatAnOperatorOfBeforeHadBegunIsBroughtToItsEnd() throws Exception {
    String before = begins("upgraded");
    stage.stop();
    delete("upgraded-postgresql-role");
    stage.merge(
        Secret.class,
        "upgraded-credentials",
        "{\"stringData\":{\"password\":\"another\",\"asked-password\":\"another\",\"former-password\":\"%s\",\"asked-id\":\"x\"}}"
            .formatted(before));
    stage.restart();
    Job job = job("upgraded");
    assertThat(secret("upgraded-postgresql-role"))
        .containsEntry("password", before)
        .containsEntry("next-password", "another");
    assertThat(run(job)).isZero();
    rests("upgraded", "another");
    assertThat(secret("upgraded-credentials"))
        .containsOnlyKeys("bootstrap.sql", "data-id", "password", "username");
  }

  /** An instance at rest, with a role on the real server; gives its password. */
  private static String begins(String name) throws SQLException {
    stage.create(name, "{backend: PostgreSQL}");
    stage.awaitReady(name);
    made(name);
    String password = Objects.requireNonNull(secret(name + "-binding").get("password"));
    assertThat(opens(name, password)).isTrue();
    return password;
  }

  /** The role gets another password, as somebody wishes; gives the Job that has done it. */
  private static Job given(String name, String password) throws Exception {
    edit(name, password);
    Job job = job(name);
    assertThat(run(job)).isZero();
    rests(name, password);
    return job;
  }

  /** What the server's init container does. */
  private static void made(String name) throws SQLException {
    String script = Objects.requireNonNull(secret(name + "-credentials").get("bootstrap.sql"));
    for (String statement : script.split(";\n")) {
      server.admin("postgres", statement);
    }
  }

  /** All is at rest, and everybody has this password, which the role takes. */
  private static void rests(String name, String password) throws SQLException {
    await(name)
        .until(() ->
            stage.find(Secret.class, name + "-binding") != null
                && password.equals(secret(name + "-binding").get("password")));
    stage.awaitReady(name);
    assertThat(opens(name, password)).isTrue();
    assertThat(secret(name + "-postgresql-role"))
        .containsEntry("password", password)
        .doesNotContainKey("next-password");
    assertThat(secret(name + "-credentials")).containsEntry("password", password);
  }

  private static boolean opens(String role, String password) throws SQLException {
    try {
      DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), role), role, password)
          .close();
      return true;
    } catch (SQLException e) {
      if ("28P01".equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** The Job's pod runs, and the Job ends as that does. */
  private static int run(Job job) throws Exception {
    var container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      String value = variable.getValue();
      if (variable.getValueFrom() != null) {
        var ref = variable.getValueFrom().getSecretKeyRef();
        value = Objects.requireNonNull(secret(ref.getName()).get(ref.getKey()));
      }
      environment.put(variable.getName(), value);
    }
    String url = container.getArgs().get(container.getArgs().indexOf("--to") + 1);
    int exit =
        PasswordPod.run(
            url.replaceFirst("//[^/]*/", "//127.0.0.1:" + server.port() + "/"), environment);
    if (exit == 0) {
      jobs.complete(job);
    } else {
      jobs.says(job, exit, "change-password: refused");
      jobs.fail(job, "PodFailurePolicy");
    }
    return exit;
  }

  private static Job job(String name) {
    await().until(() -> jobs.of(name).size() == 1);
    return jobs.of(name).getFirst();
  }

  private static Job next(String name, Job before) {
    String uid = before.getMetadata().getUid();
    await()
        .until(() -> jobs.of(name).stream().noneMatch(j -> uid.equals(j.getMetadata().getUid())));
    return job(name);
  }

  private static void edit(String name, String password) {
    stage.merge(
        Secret.class,
        name + "-credentials",
        "{\"stringData\":{\"password\":\"%s\"}}".formatted(password));
  }

  private static void delete(String secret) {
    stage.client().resource(stage.get(Secret.class, secret)).delete();
  }

  /** As a backup tool does it. */
  private static void restore(String secret, Map<String, String> data) {
    Secret older =
        stage.get(Secret.class, secret).edit().withData(Map.of()).withStringData(data).build();
    stage.client().resource(older).update();
  }

  private static String version(String secret) {
    return stage.get(Secret.class, secret).getMetadata().getResourceVersion();
  }

  private static String retain(String name) {
    StorageInstance instance = stage.instance(name);
    stage.client().resource(instance).delete();
    await().until(() -> stage.find(StorageInstance.class, name) == null);
    await().until(() -> stage.find(Secret.class, name + "-binding") == null);
    return instance.getMetadata().getUid();
  }

  private static void adopt(String name, String former) {
    stage.create(name, "{backend: PostgreSQL}");
    stage.awaitStalled(name, "AdoptionRequired");
    stage.merge(
        StorageInstance.class,
        name,
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"%s\"}}}".formatted(former));
  }

  private static Map<String, String> secret(String name) {
    return new HashMap<>(CertificateSecrets.data(stage.get(Secret.class, name)));
  }
}
