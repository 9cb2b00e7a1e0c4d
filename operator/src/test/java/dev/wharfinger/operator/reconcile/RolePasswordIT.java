package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A role is given other passwords, by the very command of the Jobs that do it: whoever was told of
 * one can log in with it, whenever somebody writes another.
 */
class RolePasswordIT extends RoleScene {
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
}
