package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.BackupStage.argument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.RestorePhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.api.v1alpha1.StorageRestoreStatus;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.restore.RestorePlan;
import dev.wharfinger.operator.status.Conditions;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.Stage;
import dev.wharfinger.testing.Volumes;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sets in the place of data that are there: real API server, real sets, and the Jobs' very commands
 * run on folders in the place of volumes.
 */
class StorageRestoreIT {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  @TempDir private static Path root;
  private static Stage stage;
  private static Volumes volumes;
  private static Probes jobs;
  private static BackupStage backups;

  @BeforeAll
  static void open() {
    stage = Stage.open("in-place");
    volumes = new Volumes(stage, root);
    jobs = new Probes(stage, "replace");
    backups = new BackupStage(stage);
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  /** An instance with three rows in a set and four in its file, and an application. */
  private static void diary(String name) throws Exception {
    backups.instance(name, "sqlite: {databases: [diary.db]}");
    sql(
        file(name),
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "INSERT INTO t VALUES (1), (2), (3)");
    backups.ask(name + "-monday", name);
    made(name + "-monday");
    sql(file(name), "INSERT INTO t VALUES (4)");
    Consumers.make(stage, name + "-app", name, 2, "Recreate");
  }

  /** The Job of a backup is really run. */
  private static void made(String backup) {
    Job job = backups.job(backup);
    assertThat(volumes.run(job)).isZero();
    jobs.says(job, 0, volumes.words());
    jobs.complete(job);
    backups.await(backup, BackupPhase.COMPLETED, "Completed");
  }

  private static Path file(String name) {
    return volumes.of(name + "-data").resolve("diary.db");
  }

  private static void sql(Path file, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private static String rows(Path file) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM t")) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static void ask(String name, String instance, String more) {
    stage
        .client()
        .resource(
            Yaml.read(
                StorageRestore.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageRestore
                metadata: {name: %s, namespace: %s}
                spec: {instanceRef: {name: %s}, from: {backupName: %s-monday}%s}
                """
                    .formatted(name, stage.namespace(), instance, instance, more)))
        .create();
  }

  private static StorageRestoreStatus awaitReason(String name, RestorePhase phase, String reason) {
    await(name + " " + phase + " " + reason)
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          StorageRestoreStatus status = stage.get(StorageRestore.class, name).getStatus();
          assertThat(status).as(name).isNotNull();
          assertThat(status.phase()).as("%s", status).isEqualTo(phase);
          assertThat(Conditions.find(status.conditions(), "Ready"))
              .as("%s", status)
              .isNotNull()
              .returns(reason, c -> c.getReason());
        });
    return Objects.requireNonNull(stage.get(StorageRestore.class, name).getStatus());
  }

  private static String message(StorageRestoreStatus status) {
    return Objects.requireNonNull(Conditions.find(status.conditions(), "Ready")).getMessage();
  }

  private static void confirm(String name) {
    StorageRestoreStatus status =
        awaitReason(name, RestorePhase.AWAITING_CONFIRMATION, "ConfirmationRequired");
    say(name, Objects.requireNonNull(status.plan()).confirm());
  }

  private static void say(String name, String word) {
    stage.merge(StorageRestore.class, name, "{\"spec\":{\"confirm\":\"%s\"}}".formatted(word));
  }

  private static Job job(String name, String role) {
    return stage.awaitObject(Job.class, name + "-" + role);
  }

  /** The Job is really run, and ends as its command did. */
  private static int runs(Job job) {
    int code = volumes.run(job);
    jobs.says(job, code, volumes.words());
    if (code == 0) {
      jobs.complete(job);
    } else {
      jobs.fail(job, code == 2 ? "PodFailurePolicy" : "BackoffLimitExceeded");
    }
    return code;
  }

  private static int replicas(String instance) {
    return stage.get(Deployment.class, instance + "-app").getSpec().getReplicas();
  }

  private static void awaitReplicas(String instance, int size) {
    await(size + " of " + instance).atMost(PATIENCE).until(() -> replicas(instance) == size);
  }

  /** The operator dies, the status is lost, and another operator begins. */
  private static void crash(String name) {
    stage.stop();
    stage
        .client()
        .resources(StorageRestore.class)
        .inNamespace(stage.namespace())
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
    stage.restart();
  }

  private static String safety(String name) {
    StorageRestore restore = stage.get(StorageRestore.class, name);
    return SafetyBackup.name(restore, Objects.requireNonNull(RestorePlan.of(restore)));
  }

  private static Path kept(String name, String instance) {
    StorageRestoreStatus.Kept kept =
        Objects.requireNonNull(
            Objects.requireNonNull(stage.get(StorageRestore.class, name).getStatus()).kept());
    assertThat(kept.claim()).isEqualTo(instance + "-data");
    return volumes.of(kept.claim()).resolve(kept.folder());
  }

  private static void done(String name, String instance) throws Exception {
    StorageRestoreStatus status = awaitReason(name, RestorePhase.DONE, "Restored");
    assertThat(Objects.requireNonNull(status.restored()).rows()).isEqualTo(3);
    assertThat(rows(file(instance))).isEqualTo("3");
    assertThat(rows(kept(name, instance).resolve("diary.db"))).isEqualTo("4");
    assertThat(replicas(instance)).isEqualTo(2);
    assertThat(stage.get(Deployment.class, instance + "-app").getMetadata().getAnnotations())
        .doesNotContainKey(Annotations.FENCED_BY);
    assertThat(
            Annotations.get(
                stage.get(PersistentVolumeClaim.class, instance + "-data"),
                Annotations.SWAP_STARTED))
        .isNull();
    try (Stream<Path> files = Files.list(volumes.of(instance + "-data"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(file -> file.startsWith(".wharfinger"))
          .containsExactly(kept(name, instance).getFileName().toString());
    }
  }

  @Test
  void PIP_22_nothingHappensBeforeAPersonHasConfirmedThePlanAndThenAllOfIt() throws Exception {
    diary("diary");
    ask("back", "diary", "");
    StorageRestoreStatus asks =
        awaitReason("back", RestorePhase.AWAITING_CONFIRMATION, "ConfirmationRequired");
    StorageRestoreStatus.Plan plan = Objects.requireNonNull(asks.plan());
    assertThat(plan)
        .returns(3L, StorageRestoreStatus.Plan::rows)
        .returns("diary-data", StorageRestoreStatus.Plan::claim);
    assertThat(message(asks)).contains(plan.setId(), plan.consistentAt(), plan.confirm());
    say("back", "another word");
    awaitReason("back", RestorePhase.AWAITING_CONFIRMATION, "ConfirmationDiffers");
    assertThat(replicas("diary")).isEqualTo(2);
    assertThat(jobs.of("diary")).isEmpty();
    // The instance has seen the application only now, and advises one writer.
    stage.touch("diary", 0);
    stage.awaitRest();
    stage.operator().writes().forget();
    stage.touch("diary", 1);
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).isEmpty();

    say("back", plan.confirm());
    awaitReason("back", RestorePhase.BACKING_UP, "BackingUp");
    assertThat(replicas("diary")).as("it runs while it is backed up").isEqualTo(2);
    made(safety("back"));
    awaitReplicas("diary", 0);
    Job staged = job("back", "stage");
    assertThat(argument(staged, "--set")).isEqualTo(plan.setId());
    assertThat(runs(staged)).isZero();
    assertThat(rows(file("diary"))).as("beside the data").isEqualTo("4");
    assertThat(replicas("diary")).isZero();
    assertThat(runs(job("back", "swap"))).isZero();
    done("back", "diary");
    assertThat(Objects.requireNonNull(stage.get(StorageRestore.class, "back").getStatus()))
        .returns(safety("back"), StorageRestoreStatus::safetyBackup)
        .satisfies(status -> assertThat(status.writeStop()).isNotNull())
        .satisfies(status ->
            assertThat(Objects.requireNonNull(status.kept()).since())
                .isEqualTo(
                    Objects.requireNonNull(backups.get(safety("back")).getStatus())
                        .consistentAt()));
    assertThat(jobs.of("diary")).as("their pods would hold the volume").isEmpty();
    await("told by the instance")
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          StorageInstance instance = stage.instance("diary");
          assertThat(Objects.requireNonNull(instance.getStatus()).restoredFrom())
              .isNotNull()
              .returns(plan.setId(), from -> from.id());
        });

    // At rest nothing is written, and it is never done twice.
    stage.awaitReady("diary");
    sql(file("diary"), "INSERT INTO t VALUES (7)");
    stage.restart();
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).isEmpty();
    crash("back");
    awaitReason("back", RestorePhase.DONE, "Restored");
    // Nor when everything is taken from it.
    stage.merge(StorageRestore.class, "back", "{\"metadata\":{\"annotations\":null}}");
    await("told by the claim")
        .atMost(PATIENCE)
        .until(() ->
            Annotations.get(stage.get(StorageRestore.class, "back"), Annotations.ENDED) != null);
    awaitReason("back", RestorePhase.DONE, "Restored");
    assertThat(jobs.of("diary")).isEmpty();
    assertThat(replicas("diary")).isEqualTo(2);
    assertThat(rows(file("diary"))).isEqualTo("4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"swap-begun", "swap-kept", "swap-linked", "swap-placed", "swap-recorded"})
  void T27_whereverOperatorAndJobAreKilledItIsGoneOnWith(String failpoint) throws Exception {
    String name = "k-" + failpoint;
    diary(name);
    String restore = "r-" + failpoint;
    ask(restore, name, ", skipSafetyBackup: true");
    crash(restore);
    confirm(restore);
    awaitReplicas(name, 0);
    Job first = job(restore, "stage");
    crash(restore);
    // Its Job is deleted, and another is made.
    stage.client().resource(first).delete();
    await("another Job")
        .atMost(PATIENCE)
        .until(() -> {
          Job now = stage.find(Job.class, restore + "-stage");
          return now != null && !now.getMetadata().getUid().equals(first.getMetadata().getUid());
        });
    assertThat(runs(job(restore, "stage"))).isZero();
    Job swap = job(restore, "swap");
    volumes.killed(swap, failpoint);
    crash(restore);
    awaitReason(restore, RestorePhase.SWAPPING, "Swapping");
    assertThat(replicas(name)).as("nobody sees half of it").isZero();
    // Whoever brings it back too early is stopped again.
    stage.merge(Deployment.class, name + "-app", "{\"spec\":{\"replicas\":2}}");
    awaitReplicas(name, 0);
    // Its words are lost, and another Job tells them.
    assertThat(volumes.run(swap)).isZero();
    jobs.complete(swap);
    await("another Job")
        .atMost(PATIENCE)
        .until(() -> {
          Job now = stage.find(Job.class, restore + "-swap");
          return now != null && !now.getMetadata().getUid().equals(swap.getMetadata().getUid());
        });
    assertThat(runs(job(restore, "swap"))).isZero();
    assertThat(volumes.words()).contains("already-restored");
    done(restore, name);
  }

  @Test
  void T33_ofADamagedSetNothingIsSwappedAndTheApplicationComesBackToItsData() throws Exception {
    diary("spoiled");
    ask("spoils", "spoiled", ", skipSafetyBackup: true");
    confirm("spoils");
    Job job = job("spoils", "stage");
    Path object;
    try (Stream<Path> files = Files.walk(volumes.of("spoiled-backups"))) {
      object =
          files
              .filter(
                  f -> Files.isRegularFile(f) && f.getFileName().toString().startsWith("database-"))
              .findFirst()
              .orElseThrow();
    }
    Files.setPosixFilePermissions(
        object, Set.copyOf(java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
    byte[] bytes = Files.readAllBytes(object);
    bytes[bytes.length / 2] ^= 1;
    Files.write(object, bytes);

    assertThat(runs(job)).isEqualTo(2);

    StorageRestoreStatus failed = awaitReason("spoils", RestorePhase.FAILED, "RestoreFailed");
    assertThat(message(failed)).contains("set-damaged");
    assertThat(failed.kept()).isNull();
    awaitReplicas("spoiled", 2);
    assertThat(rows(file("spoiled"))).isEqualTo("4");
    assertThat(stage.find(Job.class, "spoils-swap")).isNull();
  }

  @Test
  void T33_whatSomebodyRemovesBeforeItIsSwappedGivesTheApplicationBack() throws Exception {
    diary("removed");
    ask("removes", "removed", ", skipSafetyBackup: true");
    confirm("removes");
    assertThat(runs(job("removes", "stage"))).isZero();
    Job swap = job("removes", "swap");
    String uid = stage.get(StorageRestore.class, "removes").getMetadata().getUid();
    try (Stream<Path> files =
        Files.walk(volumes.of("removed-data").resolve(".wharfinger-new-" + uid))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }

    assertThat(runs(swap)).isEqualTo(2);

    StorageRestoreStatus failed = awaitReason("removes", RestorePhase.FAILED, "RestoreFailed");
    assertThat(message(failed)).contains("nothing-staged");
    awaitReplicas("removed", 2);
    assertThat(rows(file("removed"))).isEqualTo("4");
    assertThat(jobs.of("removed")).isEmpty();
    assertThat(
            stage.get(PersistentVolumeClaim.class, "removed-data").getMetadata().getAnnotations())
        .doesNotContainKey(Annotations.SWAP_STARTED);
  }

  @Test
  void PIP_22_whatIsDoneIsWhatWasConfirmedWhateverTheSpecNamesSince() throws Exception {
    diary("frozen");
    ask("freezes", "frozen", ", skipSafetyBackup: true");
    confirm("freezes");
    Job staged = job("freezes", "stage");
    stage.merge(
        StorageInstance.class,
        "frozen",
        "{\"spec\":{\"sqlite\":{\"databases\":[\"diary.db\",\"later.db\"],\"optionalDatabases\":[\"later.db\"]}}}");
    sql(volumes.of("frozen-data").resolve("later.db"), "CREATE TABLE t (id integer)");
    assertThat(runs(staged)).isZero();
    Job swap = job("freezes", "swap");
    assertThat(swap.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs())
        .contains("diary.db")
        .doesNotContain("later.db");
    assertThat(runs(swap)).isZero();

    awaitReason("freezes", RestorePhase.DONE, "Restored");
    assertThat(rows(file("frozen"))).isEqualTo("3");
    assertThat(volumes.of("frozen-data").resolve("later.db")).exists();
  }

  @Test
  void withASpoiledPlanItCanStillBeTakenBack() throws Exception {
    diary("garbled");
    ask("garbles", "garbled", ", skipSafetyBackup: true");
    confirm("garbles");
    job("garbles", "stage");
    stage.merge(
        StorageRestore.class,
        "garbles",
        "{\"metadata\":{\"annotations\":{\"%s\":\"garbled\"}}}"
            .formatted(Annotations.RESTORE_PLAN));
    await("told")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(
                    Conditions.find(
                        Objects.requireNonNull(
                                stage.get(StorageRestore.class, "garbles").getStatus())
                            .conditions(),
                        "Ready"))
                .isNotNull()
                .returns("PlanSpoiled", c -> c.getReason()));
    stage.client().resource(stage.get(StorageRestore.class, "garbles")).delete();

    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageRestore.class, "garbles") == null);
    awaitReplicas("garbled", 2);
    assertThat(rows(file("garbled"))).isEqualTo("4");
  }

  @Test
  void aBackupThatIsSuspiciousDoesNotCount() throws Exception {
    diary("shrunk");
    ask("shrinks", "shrunk", "");
    confirm("shrinks");
    awaitReason("shrinks", RestorePhase.BACKING_UP, "BackingUp");
    backups.completes(backups.job(safety("shrinks")), true);

    StorageRestoreStatus failed = awaitReason("shrinks", RestorePhase.FAILED, "BackupFailed");

    assertThat(message(failed)).contains("Suspicious", "skipSafetyBackup");
    assertThat(replicas("shrunk")).isEqualTo(2);
  }

  /** As {@code kubectl replace} takes its annotations. */
  @Test
  void PIP_22_aBackupForAnEarlierPlanDoesNotCount() throws Exception {
    diary("planned");
    ask("plans", "planned", "");
    confirm("plans");
    awaitReason("plans", RestorePhase.BACKING_UP, "BackingUp");
    String first = safety("plans");
    stage.merge(StorageRestore.class, "plans", "{\"metadata\":{\"annotations\":null}}");
    StorageRestoreStatus asks =
        awaitReason("plans", RestorePhase.AWAITING_CONFIRMATION, "ConfirmationDiffers");
    made(first);
    sql(file("planned"), "INSERT INTO t VALUES (5)");

    say("plans", Objects.requireNonNull(asks.plan()).confirm());

    awaitReason("plans", RestorePhase.BACKING_UP, "BackingUp");
    assertThat(safety("plans")).isNotEqualTo(first);
    assertThat(replicas("planned")).isEqualTo(2);
    made(safety("plans"));
    awaitReplicas("planned", 0);
  }

  @Test
  void aBackupOfAnotherInstanceDoesNotCount() throws Exception {
    diary("named");
    diary("another");
    ask("names", "named", "");
    awaitReason("names", RestorePhase.AWAITING_CONFIRMATION, "ConfirmationRequired");
    backups.ask(safety("names"), "another");
    made(safety("names"));

    confirm("names");

    StorageRestoreStatus failed = awaitReason("names", RestorePhase.FAILED, "BackupFailed");
    assertThat(message(failed)).contains("another instance's");
    assertThat(replicas("named")).isEqualTo(2);
  }

  @Test
  void aClaimOfTheSameNameThatIsMadeMeanwhileIsNotSaidToHaveTheSet() throws Exception {
    diary("replaced");
    ask("replaces", "replaced", ", skipSafetyBackup: true");
    confirm("replaces");
    assertThat(runs(job("replaces", "stage"))).isZero();
    Job swap = job("replaces", "swap");
    stage.stop();
    assertThat(runs(swap)).isZero();
    PersistentVolumeClaim claim = stage.get(PersistentVolumeClaim.class, "replaced-data");
    stage.merge(
        PersistentVolumeClaim.class, "replaced-data", "{\"metadata\":{\"finalizers\":null}}");
    stage.client().resource(claim).delete();
    await("gone")
        .atMost(PATIENCE)
        .until(() -> stage.find(PersistentVolumeClaim.class, "replaced-data") == null);
    stage
        .client()
        .resource(
            new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("replaced-data")
                .withNamespace(stage.namespace())
                .withLabels(claim.getMetadata().getLabels())
                .withOwnerReferences(claim.getMetadata().getOwnerReferences())
                .endMetadata()
                .withSpec(claim.getSpec())
                .build())
        .create();
    stage.restart();

    awaitReason("replaces", RestorePhase.DONE, "Restored");

    awaitReplicas("replaced", 2);
    assertThat(
            Annotations.get(
                stage.get(PersistentVolumeClaim.class, "replaced-data"), Annotations.RESTORED))
        .isNull();
  }

  @Test
  void ofTwoThatStopTheApplicationTheYoungerGivesWay() throws Exception {
    diary("twice");
    for (String name : List.of("heads", "tails")) {
      ask(name, "twice", ", skipSafetyBackup: true");
      awaitReason(name, RestorePhase.AWAITING_CONFIRMATION, "ConfirmationRequired");
    }
    List<String> names =
        Stream.of("heads", "tails")
            .map(name -> stage.get(StorageRestore.class, name))
            .sorted(RestoresAtWork.ORDER)
            .map(restore -> restore.getMetadata().getName())
            .toList();
    confirm(names.getLast());
    job(names.getLast(), "stage");

    // As if both had looked at the same moment and seen nobody.
    stage.merge(
        StorageRestore.class,
        names.getFirst(),
        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}"
            .formatted(Annotations.FENCED_AT, Instant.now()));

    awaitReason(names.getLast(), RestorePhase.FAILED, "AnotherRestore");
    assertThat(runs(job(names.getFirst(), "stage"))).isZero();
    assertThat(runs(job(names.getFirst(), "swap"))).isZero();
    done(names.getFirst(), "twice");
  }

  @Test
  void T27_whateverIsTakenFromItNobodySeesHalfOfIt() throws Exception {
    diary("wiped");
    ask("wipes", "wiped", ", skipSafetyBackup: true");
    confirm("wipes");
    assertThat(runs(job("wipes", "stage"))).isZero();
    Job swap = job("wipes", "swap");
    volumes.killed(swap, "swap-kept");
    stage.stop();
    stage.merge(StorageRestore.class, "wipes", "{\"metadata\":{\"annotations\":null}}");
    stage.client().resource(swap).delete();
    stage.client().resource(stage.get(Job.class, "wipes-stage")).delete();
    await("their Jobs are gone").atMost(PATIENCE).until(() -> jobs.of("wiped").isEmpty());
    stage.restart();

    Job again = job("wipes", "swap");
    assertThat(again.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs())
        .as("what was confirmed")
        .isEqualTo(swap.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs());
    assertThat(replicas("wiped")).isZero();
    backups.ask("wiped-later", "wiped");
    assertThat(
            BackupStage.message(
                backups.await("wiped-later", BackupPhase.PENDING, "WaitingForMove")))
        .contains("StorageRestore wipes");
    assertThat(runs(again)).isZero();
    done("wipes", "wiped");
    backups.job("wiped-later");
  }

  /** Somebody removes the instance and the restore while half of the files are exchanged. */
  @Test
  void T27_whatIsHalfExchangedIsGivenToNobody() throws Exception {
    diary("halved");
    ask("halves", "halved", ", skipSafetyBackup: true");
    confirm("halves");
    assertThat(runs(job("halves", "stage"))).isZero();
    Job swap = job("halves", "swap");
    volumes.killed(swap, "swap-kept");
    StorageInstance former = stage.instance("halved");
    stage.client().resource(former).delete();
    stage.client().resource(stage.get(StorageRestore.class, "halves")).delete();
    stage.client().resource(swap).delete();
    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageRestore.class, "halves") == null);
    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageInstance.class, "halved") == null);
    assertThat(replicas("halved")).isZero();

    stage.create("halved", "{sqlite: {databases: [diary.db]}}");
    stage.awaitStalled("halved", "AdoptionRequired");
    stage.merge(
        StorageInstance.class,
        "halved",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"%s\"}}}"
            .formatted(former.getMetadata().getUid()));
    assertThat(stage.awaitStalled("halved", "RestoreRefused"))
        .contains("halved-data", ".wharfinger-replaced-", Annotations.SWAP_STARTED);
    assertThat(replicas("halved")).isZero();
  }

  @Test
  void T27_onWhatIsHalfExchangedNoOtherRestoreBegins() throws Exception {
    diary("forced");
    ask("forces", "forced", ", skipSafetyBackup: true");
    confirm("forces");
    assertThat(runs(job("forces", "stage"))).isZero();
    Job swap = job("forces", "swap");
    volumes.killed(swap, "swap-kept");
    stage.stop();
    stage.client().resource(stage.get(StorageRestore.class, "forces")).delete();
    stage.merge(StorageRestore.class, "forces", "{\"metadata\":{\"finalizers\":null}}");
    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageRestore.class, "forces") == null);
    stage.client().resource(swap).delete();
    stage.restart();

    ask("again", "forced", ", skipSafetyBackup: true");

    assertThat(message(awaitReason("again", RestorePhase.PENDING, "HalfExchanged")))
        .contains("forced-data", "is gone", Annotations.SWAP_STARTED);
    backups.ask("forced-later", "forced");
    backups.await("forced-later", BackupPhase.PENDING, "WaitingForMove");
    assertThat(replicas("forced")).isZero();
  }

  @Test
  void takenBackBeforeTheSwapItGivesTheApplicationBack() throws Exception {
    diary("taken");
    ask("takes", "taken", ", skipSafetyBackup: true");
    confirm("takes");
    job("takes", "stage");
    stage.client().resource(stage.get(StorageRestore.class, "takes")).delete();

    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageRestore.class, "takes") == null);
    awaitReplicas("taken", 2);
    assertThat(rows(file("taken"))).isEqualTo("4");
  }

  @Test
  void oneThingAtATimeIsDoneToTheData() throws Exception {
    diary("shared");
    backups.ask("shared-other", "shared");
    Job backup = backups.job("shared-other");
    ask("shares", "shared", ", skipSafetyBackup: true");
    confirm("shares");
    assertThat(message(awaitReason("shares", RestorePhase.BACKING_UP, "WaitingForOthers")))
        .contains(backup.getMetadata().getName());
    assertThat(replicas("shared")).isEqualTo(2);
    backups.completes(backup, false);
    awaitReplicas("shared", 0);
    Job staged = job("shares", "stage");

    backups.ask("shared-later", "shared");
    assertThat(
            BackupStage.message(
                backups.await("shared-later", BackupPhase.PENDING, "WaitingForMove")))
        .contains("StorageRestore shares");
    stage.merge(StorageInstance.class, "shared", "{\"spec\":{\"backend\":\"PostgreSQL\"}}");
    await("the move waits")
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Stage.condition(stage.instance("shared"), "Ready"))
                .isNotNull()
                .satisfies(c -> assertThat(c.getMessage()).contains("StorageRestore shares")));
    stage.merge(StorageInstance.class, "shared", "{\"spec\":{\"backend\":\"SQLite\"}}");

    assertThat(runs(staged)).isZero();
    assertThat(runs(job("shares", "swap"))).isZero();
    done("shares", "shared");
    backups.job("shared-later");
  }

  @Test
  void PIP_22_aSetOfAnotherInstanceIsNotPutInThePlace() throws Exception {
    diary("mine");
    diary("theirs");
    stage
        .client()
        .resource(
            Yaml.read(
                StorageRestore.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageRestore
                metadata: {name: mixes, namespace: %s}
                spec: {instanceRef: {name: mine}, from: {backupName: theirs-monday}}
                """
                    .formatted(stage.namespace())))
        .create();

    StorageRestoreStatus refused = awaitReason("mixes", RestorePhase.PENDING, "RestoreRefused");

    assertThat(message(refused)).contains("theirs-monday", "mine", "bootstrap.restoreFrom");
    assertThat(refused.plan()).isNull();
    assertThat(replicas("mine")).isEqualTo(2);
  }

  @Test
  void whatCannotBeRestoredOverIsSaidAndADryRunTouchesNothing() throws Exception {
    diary("plain");
    ask("dry", "plain", ", dryRun: true");
    assertThat(awaitReason("dry", RestorePhase.PLANNED, "Planned").plan()).isNotNull();
    assertThat(replicas("plain")).isEqualTo(2);

    ask("nowhere", "absent", "");
    awaitReason("nowhere", RestorePhase.PENDING, "InstanceNotFound");
    stage.create("server", "{backend: PostgreSQL}");
    stage.awaitReady("server");
    ask("other", "server", "");
    assertThat(message(awaitReason("other", RestorePhase.PENDING, "OnlySQLite")))
        .contains("bootstrap.restoreFrom");
    assertThat(jobs.of("plain")).isEmpty();

    // What somebody copies with all that was written on it is another restore, and can be deleted.
    StorageRestore lost =
        Yaml.read(
            StorageRestore.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageRestore
            metadata: {name: lost, namespace: %s}
            spec: {instanceRef: {name: plain}, from: {backupName: nobody}}
            """
                .formatted(stage.namespace()));
    lost.getMetadata()
        .setAnnotations(stage.get(StorageRestore.class, "dry").getMetadata().getAnnotations());
    stage.client().resource(lost).create();
    awaitReason("lost", RestorePhase.PENDING, "RestoreSourceMissing");
    stage.client().resource(stage.get(StorageRestore.class, "lost")).delete();
    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageRestore.class, "lost") == null);
    StorageRestore copy = stage.get(StorageRestore.class, "dry");
    StorageRestore another =
        Yaml.read(
            StorageRestore.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageRestore
            metadata: {name: copied, namespace: %s}
            spec: {instanceRef: {name: plain}, from: {backupName: plain-monday}}
            """
                .formatted(stage.namespace()));
    another.getMetadata().setAnnotations(copy.getMetadata().getAnnotations());
    stage.client().resource(another).create();
    assertThat(
            Objects.requireNonNull(
                    awaitReason(
                            "copied", RestorePhase.AWAITING_CONFIRMATION, "ConfirmationRequired")
                        .plan())
                .confirm())
        .isNotEqualTo(
            Objects.requireNonNull(Objects.requireNonNull(copy.getStatus()).plan()).confirm());
  }
}
