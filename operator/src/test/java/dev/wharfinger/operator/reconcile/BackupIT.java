package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.BackupStage.argument;
import static dev.wharfinger.testing.BackupStage.arguments;
import static dev.wharfinger.testing.BackupStage.condition;
import static dev.wharfinger.testing.BackupStage.message;
import static dev.wharfinger.testing.BackupStage.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Backups that a person asks for, of instances that are not being moved. */
class BackupIT {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static Stage stage;
  private static BackupStage backups;

  @BeforeAll
  static void open() {
    stage = Stage.open("backup");
    backups = new BackupStage(stage);
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void CLB_21_aSetIsMadeOnDemandAndTheStatusSaysWhatCanBeTrusted() {
    stage.create(
        "full",
        """
        {sqlite: {databases: [a.db, b.db], optionalDatabases: [b.db]}, backup: {target: {persistentVolumeClaim: {size: 10Gi,
          storageClassName: fixed}}, extraPaths: [key], encryption: {recipients:
          [age1le4k3kxwaw5rrnlsmm2qmvnuxhn260llflppu2x2l49852ddta0qqphrs7]}, timeout: 90m}}\
        """);
    stage.awaitReady("full");
    assertThat(stage.find(PersistentVolumeClaim.class, "full-backups")).isNull();

    backups.ask("full-one", "full");
    Job job = backups.job("full-one");

    String uid = stage.instance("full").getMetadata().getUid();
    assertThat(argument(job, "--prefix"))
        .isEqualTo(stage.namespace() + ".full/" + uid + "/sqlite-1");
    assertThat(argument(job, "--instance")).isEqualTo(stage.namespace() + ".full");
    assertThat(argument(job, "--database")).isEqualTo("a.db");
    assertThat(argument(job, "--optional-database")).isEqualTo("b.db");
    assertThat(argument(job, "--extra-path")).isEqualTo("key");
    assertThat(argument(job, "--recipient")).startsWith("age1le4k3");
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(90 * 60);
    assertThat(job.getMetadata().getOwnerReferences())
        .singleElement()
        .returns("StorageBackup", o -> o.getKind());
    PersistentVolumeClaim claim = stage.get(PersistentVolumeClaim.class, "full-backups");
    assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(claim.getSpec().getStorageClassName()).isEqualTo("fixed");
    StorageBackup running = backups.await("full-one", BackupPhase.RUNNING, "BackingUp");
    assertThat(condition(running, "Reconciling").getStatus()).isEqualTo("True");

    backups.completes(job, false);

    StorageBackup done = backups.await("full-one", BackupPhase.COMPLETED, "Completed");
    assertThat(condition(done, "Ready").getStatus()).isEqualTo("True");
    assertThat(status(done))
        .returns("SQLite", StorageBackupStatus::backend)
        .returns(argument(job, "--id"), StorageBackupStatus::setId)
        .returns(job.getMetadata().getName(), StorageBackupStatus::job)
        .returns("2026-11-22T02:00:00.123Z", StorageBackupStatus::consistentAt)
        .returns("HashVerified", StorageBackupStatus::level)
        .returns(List.of("age1key"), StorageBackupStatus::recipients)
        .returns(
            new StorageBackupStatus.Totals(1, 2, 30, 1, 4000, 500), StorageBackupStatus::totals)
        .returns(
            StorageBackupStatus.Target.onClaim("full-backups", argument(job, "--prefix")),
            StorageBackupStatus::target);
    assertThat(status(done).startedAt()).isNotNull();
    assertThat(status(done).finishedAt()).isNotNull();
    assertThat(backups.events("full-one", "Completed")).isEqualTo(1);
  }

  @Test
  void CLB_22_PostgreSQLIsDumpedByItsOwnRoleWithThePasswordOfTheSecret() {
    backups.instance("server", "backend: PostgreSQL");
    backups.ask("server-one", "server");
    Job job = backups.job("server-one");

    assertThat(argument(job, "--from"))
        .isEqualTo(
            "postgresql://server@server-postgresql.%s.svc:5432/server?sslmode=prefer"
                .formatted(stage.namespace()));
    assertThat(argument(job, "--prefix")).endsWith("/postgresql-1");
    assertThat(arguments(job)).doesNotContain("--directory");
    var pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers().getFirst().getEnv())
        .filteredOn(e -> e.getName().equals("PGPASSWORD"))
        .singleElement()
        .returns("server-postgresql-role", e -> e.getValueFrom().getSecretKeyRef().getName());
    assertThat(pod.getVolumes().stream().map(v -> v.getPersistentVolumeClaim()))
        .filteredOn(Objects::nonNull)
        .extracting(c -> c.getClaimName())
        .containsExactly("server-backups");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    backups.completes(job, false);
    assertThat(status(backups.await("server-one", BackupPhase.COMPLETED, "Completed")).backend())
        .isEqualTo("PostgreSQL");

    stage.merge(StorageInstance.class, "server", "{\"spec\":{\"suspend\":true}}");
    stage.awaitStalled("server", "Suspended");
    backups.ask("server-two", "server");
    assertThat(message(backups.await("server-two", BackupPhase.PENDING, "WaitingForServer")))
        .contains("remove suspend");
    stage.merge(StorageInstance.class, "server", "{\"spec\":{\"suspend\":false}}");
    backups.job("server-two");
  }

  @Test
  void T04_T13_aJobIsFoundAgainAfterACrashAndWhatItEndedWithSurvivesEverything() {
    backups.instance("crashed", "backend: SQLite");
    backups.ask("crashed-one", "crashed");
    Job job = backups.job("crashed-one");
    backups.crash("crashed-one");
    backups.await("crashed-one", BackupPhase.RUNNING, "BackingUp");
    assertThat(backups.job("crashed-one").getMetadata().getUid())
        .isEqualTo(job.getMetadata().getUid());

    stage.stop();
    backups.completes(job, false);
    stage.restart();
    StorageBackup done = backups.await("crashed-one", BackupPhase.COMPLETED, "Completed");

    backups.delete(job);
    stage.client().resource(stage.instance("crashed")).delete();
    await("gone")
        .atMost(PATIENCE)
        .until(() -> stage.find(StorageInstance.class, "crashed") == null);
    backups.crash("crashed-one");
    StorageBackup again = backups.await("crashed-one", BackupPhase.COMPLETED, "Completed");
    assertThat(again.getStatus())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*lastTransitionTime")
        .isEqualTo(done.getStatus());
    assertThat(backups.jobNow("crashed-one")).isNull();
    assertThat(stage.find(PersistentVolumeClaim.class, "crashed-backups")).isNotNull();
  }

  @Test
  void aCopyOfABackupThatCompletedIsABackupOfItsOwn() {
    backups.instance("copied", "backend: SQLite");
    backups.ask("copied-one", "copied");
    backups.completes(backups.job("copied-one"), false);
    StorageBackup done = backups.await("copied-one", BackupPhase.COMPLETED, "Completed");

    backups.copy(done, "copied-two");
    Job job = backups.job("copied-two");
    backups.await("copied-two", BackupPhase.RUNNING, "BackingUp");
    backups.completes(job, false);
    StorageBackup copy = backups.await("copied-two", BackupPhase.COMPLETED, "Completed");

    assertThat(status(copy).setId()).isNotEqualTo(status(done).setId());
  }

  @Test
  void T04_aPassThatDiesAtAnyOfItsWritesIsGoneOnWith() {
    backups.instance("dies", "backend: SQLite");
    List<String> writes =
        List.of(
            "/persistentvolumeclaims", "/storagebackups/%s", "/jobs", "/storagebackups/%s/status");
    for (int i = 0; i < writes.size(); i++) {
      String name = "dies-" + i;
      AtomicBoolean died = dyingAt(writes.get(i).formatted(name));
      backups.ask(name, "dies");
      Job job = backups.job(name);
      await("died").atMost(PATIENCE).untilTrue(died);
      backups.await(name, BackupPhase.RUNNING, "BackingUp");
      assertThat(job.getMetadata().getUid()).isEqualTo(backups.job(name).getMetadata().getUid());

      AtomicBoolean again = dyingAt("/storagebackups/" + name + (i % 2 == 0 ? "" : "/status"));
      backups.completes(job, false);
      await("died again").atMost(PATIENCE).untilTrue(again);
      StorageBackup done = backups.await(name, BackupPhase.COMPLETED, "Completed");
      assertThat(status(done).setId()).isEqualTo(argument(job, "--id"));
    }
  }

  @Test
  void T04_aPassThatDiesBetweenTheJobAndItsNoteIsGoneOnWith() {
    backups.instance("unnoted", "backend: SQLite");
    AtomicBoolean died = new AtomicBoolean();
    stage
        .operator()
        .writes()
        .justBefore(
            "/jobs",
            () ->
                stage
                    .operator()
                    .writes()
                    .justBefore(
                        "/storagebackups/unnoted-one",
                        () -> {
                          died.set(true);
                          throw new IllegalStateException("killed before the note");
                        }));
    backups.ask("unnoted-one", "unnoted");
    Job job = backups.job("unnoted-one");
    await("died").atMost(PATIENCE).untilTrue(died);
    backups.completes(job, false);
    backups.await("unnoted-one", BackupPhase.COMPLETED, "Completed");
    assertThat(backups.get("unnoted-one").getMetadata().getAnnotations())
        .containsEntry("wharfinger.dev/backup-jobs", "1");
  }

  @Test
  void T20_aJobThatCannotBeMadeForAWhileIsNoLostJob() {
    backups.instance("refused", "backend: SQLite");
    AtomicInteger deaths = new AtomicInteger();
    dyingAtJobs(deaths, 4);
    backups.ask("refused-one", "refused");
    await("died").atMost(PATIENCE).until(() -> deaths.get() == 4);
    backups.completes(backups.job("refused-one"), false);
    backups.await("refused-one", BackupPhase.COMPLETED, "Completed");
  }

  /** Each death prepares the next: what comes after it may come at once. */
  private static void dyingAtJobs(AtomicInteger deaths, int times) {
    stage
        .operator()
        .writes()
        .justBefore(
            "/jobs",
            () -> {
              if (deaths.incrementAndGet() < times) {
                dyingAtJobs(deaths, times);
              }
              throw new IllegalStateException("killed at /jobs");
            });
  }

  private static AtomicBoolean dyingAt(String write) {
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
    return died;
  }

  @Test
  void T04_aJobThatIsGoneIsMadeAgainForTheSameSetAndNotForEver() {
    backups.instance("gone", "backend: SQLite");
    backups.ask("gone-one", "gone");
    Job first = backups.job("gone-one");
    backups.delete(first);
    Job second = backups.another("gone-one", first);
    assertThat(arguments(second)).isEqualTo(arguments(first)).contains("--replace-unfinished");

    // It ends well, and its pod with the last words is cleaned up before anybody has looked.
    stage.stop();
    backups.completesSilently(second);
    stage.restart();
    Job third = backups.another("gone-one", second);
    backups.completes(third, "already-completed", false);
    backups.await("gone-one", BackupPhase.COMPLETED, "Completed");

    backups.ask("gone-two", "gone");
    Job job = backups.job("gone-two");
    for (int i = 0; i < 2; i++) {
      backups.delete(job);
      job = backups.another("gone-two", job);
    }
    backups.delete(job);
    StorageBackup lost = backups.await("gone-two", BackupPhase.FAILED, "AgentLost");
    assertThat(message(lost)).contains(argument(job, "--id"));

    // What a copy brings along of three Jobs are not its own.
    backups.copy(lost, "gone-three");
    backups.completes(backups.job("gone-three"), false);
    backups.await("gone-three", BackupPhase.COMPLETED, "Completed");
  }

  @Test
  void T04_aJobThatIsMadeAgainWritesWhereTheFirstOneDid() {
    claim("first");
    claim("second");
    stage.create("placed", "{backup: {target: {persistentVolumeClaim: {claimName: first}}}}");
    stage.awaitReady("placed");
    backups.ask("placed-one", "placed");
    Job first = backups.job("placed-one");
    backups.lingers(first);
    backups.deleteAlone(first);
    stage.merge(
        StorageInstance.class,
        "placed",
        "{\"spec\":{\"backup\":{\"target\":{\"persistentVolumeClaim\":{\"claimName\":\"second\"}}}}}");
    backups.crash("placed-one");
    StorageBackupStatus.Target place =
        StorageBackupStatus.Target.onClaim("first", argument(first, "--prefix"));
    assertThat(status(backups.await("placed-one", BackupPhase.RUNNING, "BackingUp")))
        .returns(place, StorageBackupStatus::target)
        .returns(argument(first, "--id"), StorageBackupStatus::setId)
        .returns("SQLite", StorageBackupStatus::backend);

    backups.deletePods(first);
    Job second = backups.job("placed-one");

    assertThat(second.getSpec().getTemplate().getSpec().getVolumes())
        .isEqualTo(first.getSpec().getTemplate().getSpec().getVolumes());
    assertThat(arguments(second)).isEqualTo(arguments(first));
    backups.completes(second, false);
    assertThat(status(backups.await("placed-one", BackupPhase.COMPLETED, "Completed")).target())
        .isEqualTo(place);
    backups.ask("placed-two", "placed");
    assertThat(status(backups.await("placed-two", BackupPhase.RUNNING, "BackingUp")).target())
        .returns("second", StorageBackupStatus.Target::claim);
  }

  @Test
  void T04_aBackupThatHasBegunIsNotPendingAgain() {
    backups.instance("held", "backend: PostgreSQL");
    backups.ask("held-one", "held");
    Job first = backups.job("held-one");
    stage.stop();
    backups.delete(first);
    stage.merge(StorageInstance.class, "held", "{\"spec\":{\"suspend\":true}}");
    backups.wipe("held-one");
    stage.restart();

    StorageBackup held = backups.await("held-one", BackupPhase.RUNNING, "WaitingForServer");
    assertThat(status(held))
        .returns(argument(first, "--id"), StorageBackupStatus::setId)
        .returns("PostgreSQL", StorageBackupStatus::backend);
    stage.merge(StorageInstance.class, "held", "{\"spec\":{\"suspend\":false}}");
    assertThat(arguments(backups.job("held-one"))).isEqualTo(arguments(first));
  }

  @Test
  void aServerIsNotRestartedWhileItIsDumped() {
    backups.instance("dumped", "backend: PostgreSQL");
    backups.ask("dumped-one", "dumped");
    Job job = backups.job("dumped-one");
    String before = restartedAt("dumped");
    stage.merge(
        StorageInstance.class,
        "dumped",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/restart-at\":\"now\"}}}");
    stage.touch("dumped", 1);
    stage.awaitRest();
    assertThat(restartedAt("dumped")).isEqualTo(before);
    assertThat(Stage.condition(stage.instance("dumped"), "Ready"))
        .isNotNull()
        .returns("True", Condition::getStatus);

    backups.completes(job, false);
    await("restarted").atMost(PATIENCE).until(() -> restartedAt("dumped").equals("now"));
  }

  private static String restartedAt(String instance) {
    var metadata =
        stage
            .get(StatefulSet.class, instance + "-postgresql")
            .getSpec()
            .getTemplate()
            .getMetadata();
    return metadata.getAnnotations() == null
        ? ""
        : metadata.getAnnotations().getOrDefault("wharfinger.dev/restart-at", "");
  }

  @Test
  void suspendNoticesTheEndOfThePodOfADeletedJob() {
    backups.instance("orphan", "backend: PostgreSQL");
    backups.ask("orphan-one", "orphan");
    Job job = backups.job("orphan-one");
    backups.findsNoNode(job, "0/1 nodes are available");
    stage.client().resource(backups.get("orphan-one")).delete();
    backups.deleteAlone(job);
    stage.merge(StorageInstance.class, "orphan", "{\"spec\":{\"suspend\":true}}");
    await("told")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Stage.condition(stage.instance("orphan"), "Ready"))
                .isNotNull()
                .returns(true, c -> c.getMessage().contains("a backup is being made")));

    backups.deletePods(job);
    stage.awaitStalled("orphan", "Suspended");
  }

  @Test
  void T04_aPlaceThatIsGoneSinceTheFirstJobIsNamedAndNotReplaced() {
    claim("doomed");
    stage.create("uprooted", "{backup: {target: {persistentVolumeClaim: {claimName: doomed}}}}");
    stage.awaitReady("uprooted");
    backups.ask("uprooted-one", "uprooted");
    Job first = backups.job("uprooted-one");
    stage.stop();
    backups.delete(first);
    stage.client().resource(stage.get(PersistentVolumeClaim.class, "doomed")).delete();
    stage.restart();
    assertThat(message(backups.await("uprooted-one", BackupPhase.FAILED, "AgentLost")))
        .contains("claim doomed", argument(first, "--prefix"), argument(first, "--id"));

    backups.instance("silenced", "backend: SQLite");
    backups.ask("silenced-one", "silenced");
    Job job = backups.job("silenced-one");
    stage.stop();
    backups.delete(job);
    stage.merge(StorageInstance.class, "silenced", "{\"spec\":{\"backup\":null}}");
    stage.restart();
    assertThat(message(backups.await("silenced-one", BackupPhase.FAILED, "AgentLost")))
        .contains("backup.target is gone", "claim silenced-backups", argument(job, "--prefix"));
    assertThat(backups.jobNow("silenced-one")).isNull();
  }

  @Test
  void aClaimWithTheDataOfAnInstanceTakesNoSets() {
    stage.create("neighbour", "{}");
    stage.awaitReady("neighbour");
    stage.create(
        "guest", "{backup: {target: {persistentVolumeClaim: {claimName: neighbour-data}}}}");
    stage.awaitReady("guest");
    backups.ask("guest-one", "guest");
    assertThat(message(backups.await("guest-one", BackupPhase.PENDING, "TargetHoldsData")))
        .contains("neighbour-data", "claimName");
    assertThat(backups.jobNow("guest-one")).isNull();

    stage.merge(
        StorageInstance.class,
        "guest",
        "{\"spec\":{\"backup\":{\"target\":{\"persistentVolumeClaim\":{\"claimName\":null,\"size\":\"1Gi\"}}}}}");
    backups.job("guest-one");
  }

  @Test
  void CLB_25_aFailedJobSaysItsReasonWithoutAPassword() {
    backups.instance("fails", "backend: SQLite");
    backups.ask("fails-one", "fails");
    backups.fails(
        backups.job("fails-one"), "refused", "source-damaged", "postgresql://u:geheim@h/d is bad");
    StorageBackup refused = backups.await("fails-one", BackupPhase.FAILED, "BackupRefused");
    assertThat(message(refused)).contains("source-damaged: postgresql://u:***@h/d is bad");
    assertThat(condition(refused, "Stalled").getStatus()).isEqualTo("True");

    backups.ask("fails-two", "fails");
    backups.fails(backups.job("fails-two"), "failed", "lock-timeout", "held for half a minute");
    assertThat(message(backups.await("fails-two", BackupPhase.FAILED, "BackupFailed")))
        .contains("lock-timeout: held for half a minute");

    backups.ask("fails-three", "fails");
    Job silent = backups.job("fails-three");
    backups.says(silent, 137, "java.lang.OutOfMemoryError\npassword=geheim");
    backups.fails(silent, "BackoffLimitExceeded");
    assertThat(message(backups.await("fails-three", BackupPhase.FAILED, "BackupFailed")))
        .contains("OutOfMemoryError", "list tells", argument(silent, "--id"))
        .doesNotContain("geheim");

    backups.ask("fails-four", "fails");
    Job stuck = backups.job("fails-four");
    backups.findsNoNode(stuck, "0/1 nodes are available");
    await("told")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(message(backups.get("fails-four"))).contains("0/1 nodes"));
    // As the Job controller does when its time is up.
    backups.deletePods(stuck);
    backups.fails(stuck, "DeadlineExceeded");
    assertThat(message(backups.await("fails-four", BackupPhase.FAILED, "BackupTimeout")))
        .contains(
            "within 1h",
            "0/1 nodes are available",
            "backup.timeout",
            "list tells",
            argument(stuck, "--prefix"));
  }

  @Test
  void aSetWithMuchLessIsKeptAndNotCalledGood() {
    backups.instance("less", "backend: SQLite");
    backups.ask("less-one", "less");
    backups.completes(backups.job("less-one"), true);
    StorageBackup less = backups.await("less-one", BackupPhase.SUSPICIOUS, "Suspicious");
    assertThat(condition(less, "Ready"))
        .returns("False", Condition::getStatus)
        .returns(true, c -> c.getMessage().contains("3 rows"));
    assertThat(status(less).totals()).isNotNull();
  }

  @Test
  void OXY_42_filesOfAVolumeThatIsNotThereAreNotLeftOutSilently() {
    backups.instance("keyless", "backend: PostgreSQL");
    stage.merge(
        StorageInstance.class,
        "keyless",
        "{\"spec\":{\"backup\":{\"extraPaths\":[\"field.key\"]}}}");
    backups.ask("keyless-one", "keyless");
    assertThat(message(backups.await("keyless-one", BackupPhase.PENDING, "DataMissing")))
        .contains("claim keyless-data", "remove backup.extraPaths");
    assertThat(backups.jobNow("keyless-one")).isNull();
    stage.merge(
        StorageInstance.class,
        "keyless",
        "{\"spec\":{\"backup\":{\"filesClaimName\":\"keyless-files\"}}}");
    claim("keyless-files");
    Job job = backups.job("keyless-one");
    assertThat(argument(job, "--extra-path")).isEqualTo("field.key");
    assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
        .filteredOn(v -> v.getPersistentVolumeClaim() != null)
        .extracting(v -> v.getPersistentVolumeClaim().getClaimName())
        .containsExactlyInAnyOrder("keyless-backups", "keyless-files");
    backups.completes(job, false);
    backups.await("keyless-one", BackupPhase.COMPLETED, "Completed");

    stage.merge(
        StorageInstance.class,
        "keyless",
        "{\"spec\":{\"backup\":{\"extraPaths\":null,\"filesClaimName\":null}}}");
    backups.ask("keyless-two", "keyless");
    assertThat(arguments(backups.job("keyless-two"))).doesNotContain("--extra-path");
  }

  @Test
  void whatIsMissingIsNamedAndItBeginsByItself() {
    backups.ask("early", "late");
    backups.await("early", BackupPhase.PENDING, "InstanceNotFound");
    stage.create("late", "{}");
    assertThat(message(backups.await("early", BackupPhase.PENDING, "BackupNotConfigured")))
        .contains("spec.backup.target");
    stage.awaitReady("late");
    stage.merge(
        StorageInstance.class,
        "late",
        "{\"spec\":{\"backup\":{\"target\":{\"persistentVolumeClaim\":{\"claimName\":\"mine\"}}}}}");
    assertThat(message(backups.await("early", BackupPhase.PENDING, "TargetMissing")))
        .contains("claim mine");
    assertThat(backups.events("early", "TargetMissing")).isEqualTo(1);
    claim("mine");
    Job job = backups.job("early");
    assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
        .anyMatch(v ->
            v.getPersistentVolumeClaim() != null
                && v.getPersistentVolumeClaim().getClaimName().equals("mine"));
    assertThat(stage.find(PersistentVolumeClaim.class, "late-backups")).isNull();
  }

  @Test
  void aStrangersClaimIsNotWrittenToUnasked() {
    claim("strange-backups");
    backups.instance("strange", "backend: SQLite");
    backups.ask("strange-one", "strange");
    assertThat(message(backups.await("strange-one", BackupPhase.PENDING, "NameConflict")))
        .contains("claimName");
    assertThat(backups.jobNow("strange-one")).isNull();
  }

  private static void claim(String name) {
    stage
        .client()
        .resource(
            dev.wharfinger.testing.Yaml.read(
                PersistentVolumeClaim.class,
                """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: %s, namespace: %s}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """
                    .formatted(name, stage.namespace())))
        .create();
  }

  @Test
  void oneBackupOfAnInstanceAtATime() {
    backups.instance("twice", "backend: SQLite");
    backups.ask("twice-one", "twice");
    Job first = backups.job("twice-one");
    backups.ask("twice-two", "twice");
    assertThat(message(backups.await("twice-two", BackupPhase.PENDING, "WaitingForBackup")))
        .contains(first.getMetadata().getName());
    stage.awaitRest();
    assertThat(backups.events("twice-two", "WaitingForBackup")).isEqualTo(1);
    assertThat(backups.jobNow("twice-two")).isNull();
    backups.completes(first, false);
    backups.completes(backups.job("twice-two"), false);
    backups.await("twice-two", BackupPhase.COMPLETED, "Completed");
  }

  @Test
  void T43_anInstanceMadeAgainNeverWritesAmongTheSetsOfTheFormerOne() {
    backups.instance("again", "backend: SQLite");
    backups.ask("again-one", "again");
    Job before = backups.job("again-one");
    backups.completes(before, false);
    backups.await("again-one", BackupPhase.COMPLETED, "Completed");
    String former = stage.instance("again").getMetadata().getUid();
    String claim = stage.get(PersistentVolumeClaim.class, "again-backups").getMetadata().getUid();
    stage.client().resource(stage.instance("again")).delete();
    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageInstance.class, "again") == null);

    stage.create("again", "{backup: {target: {persistentVolumeClaim: {size: 10Gi}}}}");
    stage.awaitStalled("again", "AdoptionRequired");
    stage.merge(
        StorageInstance.class,
        "again",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"%s\"}}}".formatted(former));
    stage.awaitReady("again");
    backups.ask("again-two", "again");
    Job after = backups.job("again-two");
    assertThat(argument(after, "--prefix"))
        .isNotEqualTo(argument(before, "--prefix"))
        .contains(stage.instance("again").getMetadata().getUid());
    assertThat(stage.get(PersistentVolumeClaim.class, "again-backups").getMetadata().getUid())
        .isEqualTo(claim);
  }

  @Test
  void T07_aBackupThatIsUnderWayEndsBeforeTheDataIsDeleted() {
    backups.instance("last", "backend: SQLite, deletionPolicy: Delete");
    backups.ask("last-one", "last");
    Job job = backups.job("last-one");
    StorageInstance instance = stage.instance("last");
    stage.merge(
        StorageInstance.class,
        "last",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/confirm-delete\":\"last/%s\"}}}"
            .formatted(instance.getMetadata().getUid()));
    stage.client().resource(instance).delete();
    await("told")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Stage.condition(stage.instance("last"), "Stalled"))
                .isNotNull()
                .returns("BackupEnding", Condition::getReason));
    assertThat(
            stage
                .get(PersistentVolumeClaim.class, "last-data")
                .getMetadata()
                .getDeletionTimestamp())
        .isNull();

    backups.completes(job, false);
    backups.await("last-one", BackupPhase.COMPLETED, "Completed");
    stage.merge(
        StorageInstance.class,
        "last",
        "{\"metadata\":{\"annotations\":{\"example.com/touched\":\"1\"}}}");
    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageInstance.class, "last") == null);
    assertThat(stage.find(PersistentVolumeClaim.class, "last-data")).isNull();
    assertThat(stage.find(PersistentVolumeClaim.class, "last-backups")).isNotNull();
    assertThat(backups.get("last-one")).isNotNull();
  }

  @Test
  void T48_aBackupThatHasEndedCostsNoWrite() {
    backups.instance("rest", "backend: SQLite");
    backups.ask("rest-one", "rest");
    backups.completes(backups.job("rest-one"), false);
    backups.await("rest-one", BackupPhase.COMPLETED, "Completed");
    stage.awaitReady("rest");
    stage.operator().writes().forget();
    for (int turn = 0; turn < 5; turn++) {
      stage.merge(
          StorageBackup.class,
          "rest-one",
          "{\"metadata\":{\"annotations\":{\"example.com/touched\":\"%d\"}}}".formatted(turn));
      stage.touch("rest", turn);
    }
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).filteredOn(w -> w.contains("rest")).isEmpty();

    stage.restart();
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).filteredOn(w -> w.contains("rest")).isEmpty();
  }
}
