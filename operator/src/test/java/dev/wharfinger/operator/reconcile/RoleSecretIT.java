package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Secrets are lost, emptied, brought back from a backup or left over by an operator of before:
 * somebody knows what the role has all the same.
 */
class RoleSecretIT extends RoleScene {
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
}
