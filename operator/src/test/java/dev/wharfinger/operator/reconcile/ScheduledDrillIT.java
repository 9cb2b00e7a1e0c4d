package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.DrillStage;
import dev.wharfinger.testing.MovedClock;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drills that a schedule or a person asks for; their Jobs end as the tests say. */
class ScheduledDrillIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** More than there is between two slots of a week, and less than a proof may be old. */
  private static final Duration AFTER = Duration.ofDays(8);

  private final MovedClock clock = new MovedClock();
  private int turn;
  private Stage stage;
  private BackupStage backups;
  private DrillStage drills;

  @BeforeEach
  void open() {
    stage = Stage.open("drill", clock);
    backups = new BackupStage(stage);
    drills = new DrillStage(stage, backups);
    drills.secret("age", "identity");
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aDueDrillIsMadeOnceByTwoOperatorsAndAtRestNothingIsWritten() {
    try (RunningOperator other = RunningOperator.in(stage.namespace(), clock)) {
      drills.instance("twice", "{identitySecretRef: {name: age}}");
      Job backup = drills.backup("twice-one", "twice");
      drills.await("twice", "Unknown", "NeverDrilled");
      assertThat(drills.of("twice")).isEmpty();

      look("twice", Instant.now().plus(AFTER));
      Job job = drills.job("twice");
      assertThat(BackupStage.argument(job, "--set"))
          .isEqualTo(BackupStage.argument(backup, "--id"));
      drills.proves(job);

      drills.await("twice", "True", "Proven");
      assertThat(drills.last("twice"))
          .returns("twice-one", BackupOverview.LastDrill::backup)
          .returns("Proven", BackupOverview.LastDrill::outcome)
          .returns(4L, BackupOverview.LastDrill::seconds)
          .returns(5400L, BackupOverview.LastDrill::dataAge);
      stage.awaitRest();
      stage.operator().writes().forget();
      other.writes().forget();
      for (int i = 0; i < 5; i++) {
        stage.touch("twice", ++turn);
      }
      stage.awaitRest();
      assertThat(stage.operator().writes().seen()).isEmpty();
      assertThat(other.writes().seen()).isEmpty();
      assertThat(drills.of("twice")).hasSize(1);

      look("twice", clock.instant().plus(AFTER.multipliedBy(2)));
      Job next = drills.job("twice");
      assertThat(next.getMetadata().getName()).isNotEqualTo(job.getMetadata().getName());
      drills.await("twice", "False", "DrillOld");
    }
  }

  @Test
  void oneThatIsAskedForWaitsForABackupIsMadeOnceAndItsFailureIsSaid() {
    drills.instance("busy", "{suspend: true, identitySecretRef: {name: age}}");
    drills.backup("busy-one", "busy");
    backups.ask("busy-two", "busy");
    Job backup = backups.job("busy-two");
    drills.ask("busy", "first");
    await("waiting")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(drills.overview("busy").drilling())
                .contains("Job " + backup.getMetadata().getName() + " is at work"));
    assertThat(drills.of("busy")).isEmpty();
    backups.completes(backup, Instant.now());

    Job job = drills.job("busy");
    assertThat(BackupStage.argument(job, "--set")).isEqualTo(BackupStage.argument(backup, "--id"));
    assertThat(BackupStage.arguments(job)).contains("--identity-file");
    drills.refuses(job, "set-damaged", "an object is not as it was written");
    assertThat(drills.await("busy", "False", "DrillFailed").getMessage())
        .contains("busy-two", "set-damaged");
    assertThat(drills.last("busy")).returns("set-damaged", BackupOverview.LastDrill::reason);
    assertThat(backups.events("busy", "DrillFailed")).isEqualTo(1);
    assertThat(Stage.condition(stage.instance("busy"), "Ready"))
        .isNotNull()
        .returns("True", Condition::getStatus);
    stage.touch("busy", ++turn);
    stage.awaitRest();
    assertThat(drills.running("busy")).isEmpty();
    assertThat(drills.overview("busy").drilling()).isNull();

    drills.ask("busy", "second");
    drills.proves(drills.job("busy"));
    drills.await("busy", "True", "Proven");
    stage.awaitRest();
    assertThat(drills.of("busy")).hasSize(1);
  }

  @Test
  void whatCannotBeTriedIsSaidAndIsTriedOnceItCan() {
    drills.instance("sealed", "{}");
    drills.backup("sealed-one", "sealed");
    assertThat(drills.await("sealed", "Unknown", "DrillImpossible").getMessage())
        .contains("backup.drill.identitySecretRef");
    look("sealed", Instant.now().plus(AFTER));
    stage.awaitRest();
    assertThat(drills.of("sealed")).isEmpty();

    stage.merge(
        StorageInstance.class,
        "sealed",
        "{\"spec\":{\"backup\":{\"drill\":{\"identitySecretRef\":{\"name\":\"later\",\"key\":\"k\"}}}}}");
    await("the Secret is named")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(drills.condition("sealed").getMessage())
                .startsWith("Secret later, which backup.drill.identitySecretRef names, is not"));
    drills.secret("later", "k");
    stage.touch("sealed", ++turn);
    drills.proves(drills.job("sealed"));
    drills.await("sealed", "True", "Proven");
  }

  @Test
  void setsOfPostgresqlAreLeftToAPerson() {
    stage.create(
        "server",
        "{backend: PostgreSQL, backup: {target: {persistentVolumeClaim: {size: 1Gi}}, drill: {}}}");
    stage.awaitReady("server");
    drills.backup("server-one", "server");
    assertThat(drills.await("server", "Unknown", "DrillImpossible").getMessage())
        .contains("PostgreSQL");
    look("server", Instant.now().plus(AFTER));
    stage.awaitRest();
    assertThat(drills.of("server")).isEmpty();
  }

  /** Sets the clock forward, and has the operator look at it. */
  private void look(String name, Instant now) {
    clock.to(now);
    stage.touch(name, ++turn);
  }
}
