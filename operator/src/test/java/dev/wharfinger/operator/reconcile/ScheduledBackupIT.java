package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.BackupCondition;
import dev.wharfinger.operator.backup.BackupTurn;
import dev.wharfinger.operator.backup.Slot;
import dev.wharfinger.operator.dependent.ScheduledBackup;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.MovedClock;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups that a schedule asks for, on a clock that most tests set forward. */
class ScheduledBackupIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** More than the jitter of any schedule here. */
  private static final Duration AFTER = Duration.ofMinutes(11);

  private final MovedClock clock = new MovedClock();
  private int turn;
  private Stage stage;
  private BackupStage backups;

  @BeforeEach
  void open() {
    stage = Stage.open("scheduled", clock);
    backups = new BackupStage(stage);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void PIP_19_aDueBackupIsMadeOnceByTwoOperatorsAndAtRestNothingIsWritten() {
    try (RunningOperator other = RunningOperator.in(stage.namespace(), clock)) {
      instance("twice", "schedule: \"0 2 * * *\", retention: {keepLast: 1}");
      List<String> next = Objects.requireNonNull(overview("twice").next());
      assertThat(next).hasSize(3).allMatch(slot -> slot.endsWith("T02:00:00Z"));
      assertThat(condition("twice").getReason()).isEqualTo("NoBackupYet");
      assertThat(ofSchedule("twice")).isEmpty();

      Instant slot = Instant.parse(next.getFirst());
      look("twice", slot.plus(AFTER));

      String name = new Slot(slot).name("twice");
      Job job = awaitJob(name);
      assertThat(stage.get(StorageBackup.class, name).getMetadata())
          .returns(List.of(), m -> m.getOwnerReferences())
          .returns("CatchUp", m -> m.getLabels().get(Labels.BACKUP_TRIGGER));
      backups.completes(job, slot.plus(AFTER));
      await("the success")
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(overview("twice").lastSuccessful())
                  .isNotNull()
                  .returns(name, BackupOverview.LastSuccessful::name));
      assertThat(ofSchedule("twice")).hasSize(1);
      assertThat(overview("twice"))
          .returns(next.getFirst(), BackupOverview::lastSlot)
          .returns(next.get(1), o -> Objects.requireNonNull(o.next()).getFirst());
      assertThat(condition("twice"))
          .returns("True", Condition::getStatus)
          .returns("BackupRecent", Condition::getReason);

      stage.awaitRest();
      stage.operator().writes().forget();
      other.writes().forget();
      for (int i = 0; i < 5; i++) {
        stage.touch("twice", ++turn);
      }
      stage.awaitRest();
      assertThat(stage.operator().writes().seen()).isEmpty();
      assertThat(other.writes().seen()).isEmpty();
      assertThat(ofSchedule("twice")).hasSize(1);
    }
  }

  @Test
  void whatFailsIsTriedAgainUnlessOnlyAPersonCanMendItAndHealthSaysSo() {
    instance("failing", "schedule: \"0 2 * * *\", maxAge: 25h");
    Instant slot = nextSlot("failing");
    look("failing", slot.plus(AFTER));
    Job first = awaitJob(new Slot(slot).name("failing"));
    backups.fails(first, "failed", "storage", "the target hung up");

    String again = new Slot(slot).name("failing", 2);
    Job second = awaitJob(again);
    assertThat(backups.get(again).getMetadata().getLabels())
        .containsEntry(Labels.BACKUP_TRIGGER, "Retry");
    backups.fails(second, "refused", "space", "no room");
    backups.await(again, BackupPhase.FAILED, "BackupRefused");
    stage.awaitRest();
    stage.touch("failing", ++turn);
    assertThat(ofSchedule("failing")).hasSize(2);

    // The slots of two more nights are not made up for one by one.
    Instant late = slot.plus(Duration.ofDays(2));
    look("failing", late.plus(AFTER));
    String caughtUp = new Slot(late).name("failing");
    Job third = awaitJob(caughtUp);
    assertThat(backups.get(caughtUp).getMetadata().getAnnotations())
        .containsEntry(Annotations.MISSED_SLOTS, "1");
    assertThat(ofSchedule("failing")).hasSize(3);
    await("unhealthy")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(condition("failing"))
                .returns("False", Condition::getStatus)
                .returns("NoBackup", Condition::getReason));
    assertThat(condition("failing").getMessage()).contains("ended with BackupRefused");
    assertThat(Stage.condition(stage.instance("failing"), "Ready"))
        .isNotNull()
        .returns("True", Condition::getStatus);
    assertThat(backups.events("failing", "NoBackup")).isEqualTo(1);

    backups.completes(third, late.plus(AFTER));
    await("healthy again")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(condition("failing").getStatus()).isEqualTo("True"));
    assertThat(backups.events("failing", "BackupRecent")).isEqualTo(1);
  }

  @Test
  void aDueBackupWaitsForAnotherAndSaysSo() {
    instance("busy", "schedule: \"0 2 * * *\"");
    backups.ask("by-hand", "busy");
    Job byHand = backups.job("by-hand");
    Instant slot = nextSlot("busy");
    look("busy", slot.plus(AFTER));

    await("waiting")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(overview("busy").waiting())
                .contains(byHand.getMetadata().getName() + " makes another backup"));
    assertThat(ofSchedule("busy")).isEmpty();
    backups.completes(byHand, slot);
    awaitJob(new Slot(slot).name("busy"));
    await("told").atMost(PATIENCE).until(() -> overview("busy").waiting() == null);
  }

  @Test
  void aScheduleThatCannotBeFollowedIsToldByTheNameOfItsFieldAndSuspendMakesNone() {
    instance("unread", "schedule: \"0 0 31 2 *\"");
    assertThat(condition("unread"))
        .returns("False", Condition::getStatus)
        .returns("ScheduleInvalid", Condition::getReason);
    assertThat(condition("unread").getMessage()).startsWith("spec.backup.schedule: ");

    stage.merge(
        StorageInstance.class,
        "unread",
        "{\"spec\":{\"backup\":{\"schedule\":\"@daily\",\"suspend\":true}}}");
    await("read")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(condition("unread").getStatus()).isEqualTo("True"));
    assertThat(overview("unread").next()).isNull();
    look("unread", Instant.now().plus(Duration.ofDays(20)));
    await("unhealthy")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(condition("unread").getMessage()).contains("backup.suspend is true"));
    assertThat(ofSchedule("unread")).isEmpty();
  }

  @Test
  void T04_anOperatorThatDiesAtAnyWriteMakesOneBackupOfASlot() {
    instance("dies", "schedule: \"0 2 * * *\"");
    Instant slot = nextSlot("dies");
    List<String> writes =
        List.of(
            "POST /apis/wharfinger.dev/v1alpha1/namespaces/%s/storagebackups",
            "/namespaces/%s/events", "/namespaces/%s/storageinstances/dies/status");
    for (int i = 0; i < writes.size(); i++) {
      String write = writes.get(i).formatted(stage.namespace());
      AtomicBoolean died = new AtomicBoolean();
      stage
          .operator()
          .writes()
          .justBefore(
              write,
              () -> {
                died.set(true);
                throw new IllegalStateException("killed at " + write);
              });
      String name = new Slot(slot).name("dies");
      String due = slot.toString();
      look("dies", slot.plus(AFTER));
      await("died at " + write).atMost(PATIENCE).untilTrue(died);
      backups.completes(awaitJob(name), slot.plus(AFTER));
      backups.await(name, BackupPhase.COMPLETED, "Completed");
      await("told").atMost(PATIENCE).until(() -> due.equals(overview("dies").lastSlot()));
      stage.awaitRest();
      assertThat(ofSchedule("dies")).as(write).hasSize(i + 1);
      slot = slot.plus(Duration.ofDays(1));
    }

    // Without its status another operator learns from the StorageBackups how far it had come.
    stage.stop();
    stage
        .client()
        .resources(StorageInstance.class)
        .inNamespace(stage.namespace())
        .withName("dies")
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
    stage.restart();
    stage.awaitReady("dies");
    assertThat(ofSchedule("dies")).hasSize(writes.size());
    assertThat(nextSlot("dies")).isEqualTo(slot);
  }

  /** What is due is not waited for here, nor looked for: a timer says when its time has come. */
  @Test
  void PIP_19_aTimerWakesTheOperatorWhenTheSlotComes() {
    instance("woken", "maxAge: 49h");
    Instant slot =
        Instant.now().plusSeconds(20).truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
    stage.merge(
        StorageInstance.class,
        "woken",
        "{\"spec\":{\"backup\":{\"schedule\":\"%d %d * * *\",\"jitter\":\"0s\"}}}"
            .formatted(
                slot.atZone(ZoneOffset.UTC).getMinute(), slot.atZone(ZoneOffset.UTC).getHour()));
    await("the schedule is read")
        .atMost(PATIENCE)
        .until(() -> {
          BackupOverview read =
              Objects.requireNonNull(stage.instance("woken").getStatus()).backup();
          return read != null
              && read.next() != null
              && slot.toString().equals(read.next().getFirst());
        });

    String name = new Slot(slot).name("woken");
    await(name)
        .atMost(Duration.between(Instant.now(), slot).plus(PATIENCE))
        .until(() -> stage.find(StorageBackup.class, name) != null);
    await("told")
        .atMost(PATIENCE)
        .until(() -> slot.toString().equals(overview("woken").lastSlot()));
    assertThat(ofSchedule("woken")).hasSize(1);
  }

  /** Somebody deletes the instance before the backup that its schedule has made has begun. */
  @Test
  void oneThatHasNotBegunEndsWithItsInstanceAndIsNotMadeOfANamesake() {
    stage.create(
        "namesake", "{backend: SQLite, backup: {target: {persistentVolumeClaim: {size: 1Gi}}}}");
    stage.awaitReady("namesake");
    for (String instance : List.of("namesake", "nobody")) {
      StorageInstance before = new StorageInstance();
      before.setMetadata(
          new ObjectMetaBuilder()
              .withName(instance)
              .withNamespace(stage.namespace())
              .withUid("deleted")
              .build());
      Slot slot = new Slot(Instant.parse("2026-11-22T02:00:00Z"));
      stage
          .client()
          .resource(
              ScheduledBackup.desired(
                  before, new BackupTurn.Make(slot, 1, BackupTurn.Trigger.SCHEDULED, 0)))
          .create();
      String name = slot.name(instance);
      backups.await(name, BackupPhase.FAILED, "InstanceNotFound");
      assertThat(backups.jobNow(name)).isNull();
    }
  }

  private void instance(String name, String backup) {
    stage.create(
        name,
        "{backend: SQLite, backup: {target: {persistentVolumeClaim: {size: 10Gi}}, %s}}"
            .formatted(backup));
    stage.awaitReady(name);
  }

  /** Sets the clock forward, and has the operator look at it. */
  private void look(String name, Instant now) {
    clock.to(now);
    stage.touch(name, ++turn);
  }

  private Job awaitJob(String name) {
    stage.awaitObject(StorageBackup.class, name);
    return backups.job(name);
  }

  private Instant nextSlot(String name) {
    return Instant.parse(Objects.requireNonNull(overview(name).next()).getFirst());
  }

  private BackupOverview overview(String name) {
    return Objects.requireNonNull(
        Objects.requireNonNull(stage.instance(name).getStatus()).backup(), "status.backup");
  }

  private Condition condition(String name) {
    return Objects.requireNonNull(
        Stage.condition(stage.instance(name), BackupCondition.TYPE), BackupCondition.TYPE);
  }

  private List<StorageBackup> ofSchedule(String instance) {
    return stage
        .client()
        .resources(StorageBackup.class)
        .inNamespace(stage.namespace())
        .withLabels(Map.of(Labels.INSTANCE, instance, Labels.MANAGED_BY, Labels.WHARFINGER))
        .withLabel(Labels.BACKUP_SLOT)
        .list()
        .getItems();
  }
}
