package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.BackupStage.argument;
import static dev.wharfinger.testing.BackupStage.arguments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus.RestoredFrom;
import dev.wharfinger.runner.CommandLine;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.Stage;
import dev.wharfinger.testing.Volumes;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * New instances that begin with a backup set: real API server, real sets, and the Jobs' very
 * commands run on folders in the place of volumes.
 */
class RestoreIT {
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final String LINEAGE = "shop.diary/6c1f/sqlite-1";
  @TempDir private static Path root;
  private static Stage stage;
  private static Volumes volumes;
  private static Probes jobs;
  private static BackupStage backups;
  private static PostgresServer server;

  @BeforeAll
  static void open() throws Exception {
    server = PostgresServer.start();
    stage = Stage.open("restore");
    volumes = new Volumes(stage, root);
    jobs = new Probes(stage, "restore");
    backups = new BackupStage(stage);
    Path diary = volumes.of("diary");
    sql(
        diary.resolve("diary.db"),
        "PRAGMA journal_mode=WAL",
        "CREATE TABLE t (id integer PRIMARY KEY)");
    sql(diary.resolve("diary.db"), "INSERT INTO t VALUES (1), (2), (3)");
    Files.createDirectory(diary.resolve("uploads"));
    Files.writeString(diary.resolve("uploads/key"), "the key");
    volumes.claim("sets");
    backup("one");
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
    server.close();
  }

  /** Makes a set of the diary. */
  private static void backup(String id, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "backup",
                "--directory",
                volumes.of("diary").toString(),
                "--database",
                "diary.db",
                "--extra-path",
                "uploads",
                "--to",
                "file://" + volumes.of("sets"),
                "--prefix",
                LINEAGE,
                "--instance",
                "shop.diary",
                "--id",
                id));
    args.addAll(List.of(more));
    assertThat(CommandLine.run(args)).isZero();
  }

  private static void sql(Path file, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private static String query(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  private static void instance(String name, String set) {
    stage.create(
        name,
        "{sqlite: {databases: [diary.db]}, bootstrap: {restoreFrom: {claimName: sets, path: %s, id: %s}}}"
            .formatted(LINEAGE, set));
  }

  private static Job job(String instance) {
    return jobs.job(instance);
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

  private static String awaitReason(String name, String reason) {
    await(name + " " + reason)
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(Stage.condition(stage.instance(name), "Ready"))
                .as("%s", stage.instance(name).getStatus())
                .isNotNull()
                .returns(reason, Condition::getReason));
    return Objects.requireNonNull(Stage.condition(stage.instance(name), "Ready")).getMessage();
  }

  private static void nothingIsPublished(String name) {
    assertThat(stage.find(Secret.class, name + "-binding")).isNull();
  }

  private static @Nullable RestoredFrom restoredFrom(String name) {
    StorageInstance instance = stage.instance(name);
    return instance.getStatus() == null ? null : instance.getStatus().restoredFrom();
  }

  private static void wipe(String name) {
    stage
        .client()
        .resources(StorageInstance.class)
        .inNamespace(stage.namespace())
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
  }

  @Test
  void PIP_22_everythingOfTheSetIsThereBeforeTheApplicationIsToldOfIt() throws Exception {
    instance("whole", "one");
    Job job = job("whole");
    assertThat(awaitReason("whole", "Restoring")).contains("set one on claim sets", LINEAGE);
    nothingIsPublished("whole");
    assertThat(jobs.of("whole")).hasSize(1);
    assertThat(job.getSpec().getTemplate().getSpec().getContainers().getFirst().getVolumeMounts())
        .filteredOn(m -> m.getMountPath().equals("/backups"))
        .singleElement()
        .returns(true, m -> m.getReadOnly());

    assertThat(runs(job)).isZero();
    stage.awaitReady("whole");

    Path data = volumes.of("whole-data");
    assertThat(query(data.resolve("diary.db"), "SELECT count(*) FROM t")).isEqualTo("3");
    assertThat(query(data.resolve("diary.db"), "SELECT group_concat(id) FROM t"))
        .isEqualTo(
            query(volumes.of("diary").resolve("diary.db"), "SELECT group_concat(id) FROM t"));
    assertThat(data.resolve("uploads/key")).hasContent("the key");
    RestoredFrom told = Objects.requireNonNull(restoredFrom("whole"));
    assertThat(told).returns("one", RestoredFrom::id).returns(3L, RestoredFrom::rows);
    assertThat(told.lineage()).isNotBlank();
    assertThat(told.consistentAt()).isNotBlank();
    assertThat(jobs.of("whole")).as("its pod would hold both claims").isEmpty();

    // Its own sets are another's: nobody writes among those it came from.
    stage.merge(
        StorageInstance.class,
        "whole",
        "{\"spec\":{\"backup\":{\"target\":{\"persistentVolumeClaim\":{\"claimName\":\"sets\"}}}}}");
    backups.ask("whole-one", "whole");
    Job backup = backups.job("whole-one");
    assertThat(argument(backup, "--prefix"))
        .isNotEqualTo(LINEAGE)
        .contains(stage.instance("whole").getMetadata().getUid());
    assertThat(volumes.run(backup)).isZero();
    assertThat(volumes.words()).contains("\"completed\"");
    jobs.says(backup, 0, volumes.words());
    jobs.complete(backup);
    backups.await("whole-one", BackupPhase.COMPLETED, "Completed");

    // And a third instance begins with that one, by the name of its record.
    stage.create(
        "third",
        "{sqlite: {databases: [diary.db]}, bootstrap: {restoreFrom: {backupName: whole-one}}}");
    Job third = job("third");
    assertThat(argument(third, "--prefix")).isEqualTo(argument(backup, "--prefix"));
    assertThat(argument(third, "--set")).isEqualTo(argument(backup, "--id"));
    assertThat(runs(third)).isZero();
    stage.awaitReady("third");
    assertThat(query(volumes.of("third-data").resolve("diary.db"), "SELECT count(*) FROM t"))
        .isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"before-place", "during-place", "after-place", "before-record", "after-record"})
  void T27_aRestoreThatIsKilledAnywhereIsGoneOnWithAndNothingIsToldBefore(String failpoint)
      throws Exception {
    String name = "killed-" + failpoint;
    instance(name, "one");
    Job job = job(name);
    volumes.killed(job, failpoint);
    nothingIsPublished(name);

    // Its node is gone, the Job too, and the operator was away.
    stage.stop();
    stage.client().resource(job).delete();
    wipe(name);
    stage.restart();
    Job again = job(name);
    assertThat(arguments(again)).isEqualTo(arguments(job));
    assertThat(runs(again)).isZero();
    stage.awaitReady(name);

    Path data = volumes.of(name + "-data");
    assertThat(query(data.resolve("diary.db"), "SELECT count(*) FROM t")).isEqualTo("3");
    try (var files = Files.list(data)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("diary.db", "uploads", ".wharfinger-restored");
    }
    assertThat(Objects.requireNonNull(restoredFrom(name)).rows()).isEqualTo(3);
  }

  @Test
  void T04_aJobWhoseWordsAreLostIsAskedAgainAndFindsEverything() throws Exception {
    instance("silent", "one");
    Job job = job("silent");
    stage.stop();
    assertThat(volumes.run(job)).isZero();
    jobs.complete(job);
    stage.restart();

    await("another Job")
        .atMost(PATIENCE)
        .until(() ->
            jobs.running("silent").stream()
                .anyMatch(j -> !j.getMetadata().getUid().equals(job.getMetadata().getUid())));
    assertThat(runs(job("silent"))).isZero();
    assertThat(volumes.words()).contains("already-restored");
    stage.awaitReady("silent");
    assertThat(Objects.requireNonNull(restoredFrom("silent")).rows()).isEqualTo(3);
  }

  @Test
  void T13_whatTheApplicationHasWrittenIsNeverRestoredOver() throws Exception {
    instance("written", "one");
    assertThat(runs(job("written"))).isZero();
    stage.awaitReady("written");
    Path file = volumes.of("written-data").resolve("diary.db");
    sql(file, "INSERT INTO t VALUES (4)");
    RestoredFrom before = restoredFrom("written");

    // The status is wiped, and then the binding is gone too.
    stage.stop();
    wipe("written");
    stage.restart();
    stage.awaitReady("written");
    assertThat(restoredFrom("written")).isEqualTo(before);
    stage.stop();
    wipe("written");
    stage.client().resource(stage.get(Secret.class, "written-binding")).delete();
    stage.restart();
    stage.awaitReady("written");
    assertThat(jobs.of("written")).isEmpty();

    // And where somebody took every mark from the claim but what it is for, the data tell it.
    stage.stop();
    stage.client().resource(stage.get(Secret.class, "written-binding")).delete();
    stage.merge(
        PersistentVolumeClaim.class,
        "written-data",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/restored\":null,\"wharfinger.dev/bound\":null}}}");
    stage.restart();
    assertThat(runs(job("written"))).isZero();
    assertThat(volumes.words()).contains("already-restored");
    stage.awaitReady("written");
    assertThat(query(file, "SELECT count(*) FROM t")).isEqualTo("4");

    // Without any mark nobody can tell, and nothing is done.
    stage.stop();
    stage.client().resource(stage.get(Secret.class, "written-binding")).delete();
    stage.merge(
        PersistentVolumeClaim.class,
        "written-data",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/restored\":null,\"wharfinger.dev/bound\":null,"
            + "\"wharfinger.dev/restore-from\":null}}}");
    stage.restart();
    assertThat(stage.awaitStalled("written", "RestoreRefused"))
        .contains("written-data", "remove bootstrap.restoreFrom");
    assertThat(jobs.of("written")).isEmpty();
    stage.merge(StorageInstance.class, "written", "{\"spec\":{\"bootstrap\":null}}");
    stage.awaitReady("written");
    assertThat(query(file, "SELECT count(*) FROM t")).isEqualTo("4");
  }

  @Test
  void T33_aDamagedSetIsRefusedAndNothingIsPublished() throws Exception {
    backup("damaged");
    Path object = volumes.of("sets").resolve(LINEAGE + "/sets/damaged/database-1.db.gz");
    byte[] bytes = Files.readAllBytes(object);
    bytes[bytes.length / 2] ^= 1;
    Files.write(object, bytes);

    instance("damaged", "damaged");
    assertThat(runs(job("damaged"))).isEqualTo(2);
    assertThat(stage.awaitStalled("damaged", "RestoreFailed"))
        .contains("set-damaged", "database-1.db.gz", "another set");
    nothingIsPublished("damaged");
    try (var files = Files.list(volumes.of("damaged-data"))) {
      assertThat(files).isEmpty();
    }

    // As before the byte was flipped; whoever deletes the Job has it tried again.
    bytes[bytes.length / 2] ^= 1;
    Files.write(object, bytes);
    jobs.of("damaged").forEach(one -> stage.client().resource(one).delete());
    assertThat(runs(job("damaged"))).isZero();
    stage.awaitReady("damaged");
  }

  @Test
  void T33_whatCannotBeRestoredSaysWhatToDo() throws Exception {
    instance("unknown", "nobody");
    assertThat(runs(job("unknown"))).isEqualTo(2);
    assertThat(stage.awaitStalled("unknown", "RestoreFailed"))
        .contains("set-missing: there is no set nobody", "unknown-data");
    nothingIsPublished("unknown");

    stage.create(
        "other-name",
        "{bootstrap: {restoreFrom: {claimName: sets, path: %s, id: one}}}".formatted(LINEAGE));
    assertThat(runs(job("other-name"))).isEqualTo(2);
    assertThat(stage.awaitStalled("other-name", "RestoreFailed"))
        .contains("has no other-name.db; it has diary.db", "sqlite.databases");
    nothingIsPublished("other-name");

    stage.create(
        "server",
        "{backend: PostgreSQL, bootstrap: {restoreFrom: {claimName: sets, path: %s, id: one}}}"
            .formatted(LINEAGE));
    Job onServer = job("server");
    volumes.lead(argument(onServer, "--to"), server.url(server.newDatabase()));
    assertThat(runs(onServer)).isEqualTo(2);
    assertThat(stage.awaitStalled("server", "RestoreFailed"))
        .contains("other-engine", "the backend of the set", "server-credentials");
    nothingIsPublished("server");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "before-place", "after-place"})
  void CLB_22_PIP_22_aServerIsFilledBeforeTheApplicationIsToldOfIt(String failpoint)
      throws Exception {
    String name = "server-" + (failpoint.isEmpty() ? "whole" : failpoint);
    String from = server.newDatabase();
    server.admin(from, "ALTER SCHEMA public OWNER TO app");
    try (Connection connection = server.connect(from);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE item AS SELECT n FROM generate_series(1, 1000) n");
    }
    assertThat(
            CommandLine.run(
                List.of(
                    "backup",
                    "--from",
                    server.url(from),
                    "--to",
                    "file://" + volumes.of("sets"),
                    "--prefix",
                    name,
                    "--instance",
                    name,
                    "--id",
                    "dump")))
        .isZero();
    String database = server.newDatabase();
    server.admin(database, "ALTER SCHEMA public OWNER TO app");

    stage.create(
        name,
        "{backend: PostgreSQL, bootstrap: {restoreFrom: {claimName: sets, path: %s, id: dump}}}"
            .formatted(name));
    Job job = job(name);
    assertThat(awaitReason(name, "Restoring")).contains("set dump");
    assertThat(argument(job, "--to")).contains("@" + name + "-postgresql.");
    volumes.lead(argument(job, "--to"), server.url(database));
    if (!failpoint.isEmpty()) {
      volumes.killed(job, failpoint);
      nothingIsPublished(name);
      stage.stop();
      stage.client().resource(job).delete();
      wipe(name);
      stage.restart();
    }
    Job again = job(name);
    assertThat(runs(again)).isZero();
    stage.awaitReady(name);

    assertThat(items(database)).isEqualTo(1000);
    assertThat(Objects.requireNonNull(restoredFrom(name)))
        .returns("dump", RestoredFrom::id)
        .returns(1000L, RestoredFrom::rows);

    // What is written from now on stays, whatever is wiped.
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO item VALUES (1001)");
    }
    stage.stop();
    wipe(name);
    stage.client().resource(stage.get(Secret.class, name + "-binding")).delete();
    stage.restart();
    stage.awaitReady(name);
    assertThat(jobs.of(name)).isEmpty();
    stage.stop();
    stage.client().resource(stage.get(Secret.class, name + "-binding")).delete();
    stage.merge(
        PersistentVolumeClaim.class,
        "data-" + name + "-postgresql-0",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/restored\":null,\"wharfinger.dev/epoch\":null}}}");
    stage.restart();
    assertThat(runs(job(name))).isZero();
    assertThat(volumes.words()).contains("already-restored");
    stage.awaitReady(name);
    // Nor does it count for a restore of the same set that another claim asks for.
    assertThat(
            CommandLine.run(
                List.of(
                    "restore",
                    "--from",
                    "file://" + volumes.of("sets"),
                    "--prefix",
                    name,
                    "--set",
                    "dump",
                    "--to",
                    server.url(database),
                    "--no-owner",
                    "--once",
                    "another-claim")))
        .isEqualTo(2);
    assertThat(items(database)).isEqualTo(1001);
  }

  @Test
  void OXY_42_filesOfASetOfPostgreSQLWaitForAPlaceAndComeBeforeTheDatabase() throws Exception {
    String from = server.newDatabase();
    server.admin(from, "ALTER SCHEMA public OWNER TO app");
    try (Connection connection = server.connect(from);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE item AS SELECT n FROM generate_series(1, 1000) n");
    }
    assertThat(
            CommandLine.run(
                List.of(
                    "backup",
                    "--from",
                    server.url(from),
                    "--directory",
                    volumes.of("diary").toString(),
                    "--extra-path",
                    "uploads",
                    "--to",
                    "file://" + volumes.of("sets"),
                    "--prefix",
                    "keyed",
                    "--instance",
                    "keyed",
                    "--id",
                    "dump")))
        .isZero();
    String database = server.newDatabase();
    server.admin(database, "ALTER SCHEMA public OWNER TO app");
    stage.create(
        "keyed",
        "{backend: PostgreSQL, bootstrap: {restoreFrom: {claimName: sets, path: keyed, id: dump}}}");
    Job without = job("keyed");
    volumes.lead(argument(without, "--to"), server.url(database));
    assertThat(runs(without)).isEqualTo(2);
    assertThat(stage.awaitStalled("keyed", "RestoreFailed"))
        .contains("files-need-a-place", "bootstrap.restoreFrom.filesClaimName");
    nothingIsPublished("keyed");

    stage.merge(
        StorageInstance.class,
        "keyed",
        "{\"spec\":{\"bootstrap\":{\"restoreFrom\":{\"filesClaimName\":\"keyed-files\"}}}}");
    assertThat(awaitReason("keyed", "RestoreSourceMissing")).contains("claim keyed-files");
    volumes.claim("keyed-files");
    stage.touch("keyed", 1);
    await("the Job with a place for the files")
        .atMost(PATIENCE)
        .until(() ->
            jobs.of("keyed").stream()
                .anyMatch(j -> !j.getMetadata().getName().equals(without.getMetadata().getName())));
    Job with = job("keyed");
    assertThat(argument(with, "--files")).isEqualTo("/files");
    assertThat(runs(with)).isZero();
    stage.awaitReady("keyed");

    assertThat(items(database)).isEqualTo(1000);
    assertThat(volumes.of("keyed-files").resolve("uploads/key")).hasContent("the key");
  }

  private static long items(String database) throws Exception {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM item")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void PIP_26_anEncryptedSetWaitsForItsKey() throws Exception {
    KeyPair pair = new X25519KeyPairGenerator().generateKeyPair();
    backup("encrypted", "--recipient", pair.getPublic().toString());
    instance("sealed", "encrypted");
    Job without = job("sealed");
    assertThat(arguments(without)).doesNotContain("--identity-file");
    assertThat(runs(without)).isEqualTo(2);
    assertThat(stage.awaitStalled("sealed", "RestoreFailed"))
        .contains(
            "key-missing", pair.getPublic().toString(), "bootstrap.restoreFrom.identitySecretRef");

    stage
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("age")
                .withNamespace(stage.namespace())
                .endMetadata()
                .addToStringData("identity", pair.getPrivate() + "\n")
                .build())
        .create();
    stage.merge(
        StorageInstance.class,
        "sealed",
        "{\"spec\":{\"bootstrap\":{\"restoreFrom\":{\"identitySecretRef\":{\"name\":\"age\"}}}}}");
    Job with = job("sealed");
    assertThat(argument(with, "--identity-file")).isEqualTo("/identity/key");
    assertThat(arguments(with)).containsAll(arguments(without));
    await("the former Job is gone").atMost(PATIENCE).until(() -> jobs.of("sealed").size() == 1);
    assertThat(runs(with)).isZero();
    stage.awaitReady("sealed");
    assertThat(query(volumes.of("sealed-data").resolve("diary.db"), "SELECT count(*) FROM t"))
        .isEqualTo("3");
  }

  @Test
  void T43_retainedDataIsNotRestoredOver() throws Exception {
    stage.create("kept", "{sqlite: {databases: [diary.db]}}");
    stage.awaitReady("kept");
    String former = stage.instance("kept").getMetadata().getUid();
    stage.client().resource(stage.instance("kept")).delete();
    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageInstance.class, "kept") == null);

    instance("kept", "one");
    stage.awaitStalled("kept", "AdoptionRequired");
    stage.merge(
        StorageInstance.class,
        "kept",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"%s\"}}}".formatted(former));
    assertThat(stage.awaitStalled("kept", "RestoreRefused")).contains("kept-data", "another name");
    assertThat(jobs.of("kept")).isEmpty();
    nothingIsPublished("kept");

    // What a deleted instance had half restored is nobody's data either.
    instance("half", "one");
    volumes.killed(job("half"), "during-place");
    String gone = stage.instance("half").getMetadata().getUid();
    stage.client().resource(stage.instance("half")).delete();
    await("gone").atMost(PATIENCE).until(() -> stage.find(StorageInstance.class, "half") == null);
    stage.create("half", "{sqlite: {databases: [diary.db]}}");
    stage.awaitStalled("half", "AdoptionRequired");
    stage.merge(
        StorageInstance.class,
        "half",
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"%s\"}}}".formatted(gone));
    assertThat(stage.awaitStalled("half", "RestoreRefused")).contains("half-data", "set one");
    nothingIsPublished("half");
  }

  @Test
  void T20_aSetThatIsNotThereYetIsWaitedFor() throws Exception {
    stage.create(
        "early",
        "{sqlite: {databases: [diary.db]}, bootstrap: {restoreFrom: {claimName: late, path: %s, id: one}}}"
            .formatted(LINEAGE));
    assertThat(awaitReason("early", "RestoreSourceMissing")).contains("claim late");
    assertThat(stage.find(PersistentVolumeClaim.class, "early-data")).isNull();
    volumes.claim("late");
    stage.touch("early", 1);
    assertThat(job("early").getSpec().getTemplate().getSpec().getVolumes())
        .anyMatch(v ->
            v.getPersistentVolumeClaim() != null
                && v.getPersistentVolumeClaim().getClaimName().equals("late"));

    stage.create("nameless", "{bootstrap: {restoreFrom: {backupName: nobody}}}");
    assertThat(awaitReason("nameless", "RestoreSourceMissing")).contains("StorageBackup nobody");
    assertThat(stage.find(PersistentVolumeClaim.class, "nameless-data")).isNull();
  }

  @Test
  void theRestoreThatBeganGoesOnWhereTheFieldIsRemoved() throws Exception {
    instance("removed", "one");
    Job job = job("removed");
    stage.merge(StorageInstance.class, "removed", "{\"spec\":{\"bootstrap\":null}}");
    stage.awaitRest();
    nothingIsPublished("removed");
    assertThat(runs(job)).isZero();
    stage.awaitReady("removed");
    assertThat(query(volumes.of("removed-data").resolve("diary.db"), "SELECT count(*) FROM t"))
        .isEqualTo("3");
  }

  @Test
  void T48_aRestoredInstanceAtRestCostsNoWrite() {
    instance("rest", "one");
    assertThat(runs(job("rest"))).isZero();
    stage.awaitReady("rest");
    stage.operator().writes().forget();
    for (int turn = 0; turn < 5; turn++) {
      stage.touch("rest", turn);
    }
    stage.awaitRest();
    stage.restart();
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).filteredOn(w -> w.contains("rest")).isEmpty();
  }
}
