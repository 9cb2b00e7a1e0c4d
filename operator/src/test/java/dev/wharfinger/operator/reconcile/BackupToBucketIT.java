package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.BackupStage.argument;
import static dev.wharfinger.testing.BackupStage.arguments;
import static dev.wharfinger.testing.BackupStage.message;
import static dev.wharfinger.testing.BackupStage.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.runner.CommandLine;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.MoveStage;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.S3Server;
import dev.wharfinger.testing.Stage;
import dev.wharfinger.testing.Volumes;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups whose sets go to a bucket of a real server. Of their Jobs the test plays kubelet: it
 * mounts what the pod mounts, and runs the very arguments.
 */
class BackupToBucketIT {
  private static Stage stage;
  private static BackupStage backups;
  private static S3Server server;
  private static Probes restoring;
  private static Volumes volumes;
  @TempDir private static Path root;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open("bucket");
    backups = new BackupStage(stage);
    volumes = new Volumes(stage, root);
    restoring = new Probes(stage, "restore");
    server = S3Server.start();
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
    server.close();
  }

  private static void data(String name) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + volumes.of(name + "-data").resolve("a.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE t (id integer PRIMARY KEY)");
      statement.execute("INSERT INTO t VALUES (1), (2), (3)");
    }
  }

  private static void keys(String name, Map<String, String> content) {
    Map<String, String> encoded = new TreeMap<>();
    content.forEach((key, value) -> encoded.put(key, SecretText.encode(value)));
    stage
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(stage.namespace())
                .endMetadata()
                .withData(encoded)
                .build())
        .createOr(existing -> existing.update());
  }

  private static Map<String, String> of(String secret) {
    return Map.of("AWS_ACCESS_KEY_ID", S3Server.ADMIN.id(), "AWS_SECRET_ACCESS_KEY", secret);
  }

  private static void instance(String name, String more) throws Exception {
    data(name);
    stage.create(
        name,
        """
        {sqlite: {databases: [a.db]}, backup: {target: {s3: {endpoint: "%s", %s}}}}\
        """
            .formatted(server.endpoint(), more));
    stage.awaitReady(name);
  }

  private static void run(Job job) {
    int code = volumes.run(job);
    backups.says(job, code, volumes.words());
    if (code == 0) {
      backups.completesSilently(job);
    } else {
      backups.fails(job, code == 2 ? "PodFailurePolicy" : "BackoffLimitExceeded");
    }
  }

  @Test
  void CLB_21_aSetGoesToABucketAndAKeyThatIsNotTakenIsNamedAndMended() throws Exception {
    server.bucket("sets");
    keys("keys", of("not-the-secret"));
    instance("notes", "bucket: sets, prefix: cluster-1, credentialsSecretRef: {name: keys}");
    backups.ask("notes-one", "notes");
    Job refused = backups.job("notes-one");
    assertThat(arguments(refused)).noneMatch(a -> a.contains("not-the-secret"));
    assertThat(refused.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv())
        .isEmpty();
    assertThat(stage.find(PersistentVolumeClaim.class, "notes-backups")).isNull();

    run(refused);

    StorageBackup failed = backups.await("notes-one", BackupPhase.FAILED, "BackupRefused");
    assertThat(message(failed)).contains("credentials-refused").doesNotContain("not-the-secret");
    assertThat(status(failed).target()).returns("sets", StorageBackupStatus.Target::bucket);

    keys("keys", of(S3Server.ADMIN.secret()));
    backups.ask("notes-two", "notes");
    Job job = backups.job("notes-two");
    run(job);

    StorageBackup done = backups.await("notes-two", BackupPhase.COMPLETED, "Completed");
    String prefix =
        "cluster-1/%s.notes/%s/sqlite-1"
            .formatted(stage.namespace(), stage.instance("notes").getMetadata().getUid());
    assertThat(status(done).target())
        .isEqualTo(new StorageBackupStatus.Target(null, prefix, "sets", server.endpoint()));
    assertThat(Objects.requireNonNull(status(done).totals()).rows()).isEqualTo(3);
    assertThat(status(done).level()).isEqualTo("HashVerified");
    Path folder = server.data().resolve("sets").resolve(prefix);
    assertThat(folder.resolve("lineage.json")).exists();
    assertThat(folder.resolve("sets").resolve(argument(job, "--id")).resolve("manifest.json"))
        .exists();
    assertThat(verify(Objects.requireNonNull(status(done).target()), argument(job, "--id")))
        .isZero();
    assertThat(done.toString()).doesNotContain(S3Server.ADMIN.secret());
  }

  /** With what the status says, and keys of one's own. */
  private int verify(StorageBackupStatus.Target target, String id) throws Exception {
    return CommandLine.run(
        List.of(
            "verify",
            "--from",
            "s3://" + target.bucket(),
            "--endpoint",
            Objects.requireNonNull(target.endpoint()),
            "--credentials-dir",
            S3Server.write(root.resolve("own"), S3Server.ADMIN).toString(),
            "--prefix",
            target.prefix(),
            "--set",
            id,
            "--scratch",
            root.resolve("try").toString()));
  }

  @Test
  void whatIsMissingOfASecretIsNamedBeforeThereIsAJob() throws Exception {
    instance(
        "early",
        "bucket: elsewhere, credentialsSecretRef: {name: later, secretAccessKeyKey: secret}");
    backups.ask("early-one", "early");
    assertThat(message(backups.await("early-one", BackupPhase.PENDING, "CredentialsMissing")))
        .contains("Secret later", "backup.target.s3.credentialsSecretRef");
    keys("later", Map.of("AWS_ACCESS_KEY_ID", "admin"));
    MoveStage.eventually(
        () -> assertThat(message(backups.get("early-one"))).contains("no key secret"));
    assertThat(backups.jobNow("early-one")).isNull();
    keys("later", Map.of("AWS_ACCESS_KEY_ID", "admin", "secret", "s"));
    backups.job("early-one");
  }

  @Test
  void aSecretOfAnInstanceIsSentNowhere() throws Exception {
    backups.instance("server", "backend: PostgreSQL");
    instance(
        "curious",
        "bucket: elsewhere, credentialsSecretRef: {name: server-credentials, accessKeyIdKey: username,"
            + " secretAccessKeyKey: password}");
    backups.ask("curious-one", "curious");
    assertThat(message(backups.await("curious-one", BackupPhase.PENDING, "CredentialsInvalid")))
        .contains("server-credentials");
    assertThat(backups.jobNow("curious-one")).isNull();
  }

  @Test
  void T04_aJobThatIsMadeAgainWritesToTheBucketOfTheFirst() throws Exception {
    server.bucket("first");
    server.bucket("second");
    keys("both", of(S3Server.ADMIN.secret()));
    instance("moved", "bucket: first, credentialsSecretRef: {name: both}");
    backups.ask("moved-one", "moved");
    Job first = backups.job("moved-one");
    stage.stop();
    backups.delete(first);
    stage.merge(
        StorageInstance.class,
        "moved",
        "{\"spec\":{\"backup\":{\"target\":{\"s3\":{\"bucket\":\"second\"}}}}}");
    stage.restart();
    Job second = backups.another("moved-one", first);
    assertThat(arguments(second)).isEqualTo(arguments(first)).contains("s3://first");
    run(second);
    assertThat(status(backups.await("moved-one", BackupPhase.COMPLETED, "Completed")).target())
        .returns("first", StorageBackupStatus.Target::bucket);
  }

  @Test
  void aStoreThatIsNotReachedIsTheReasonOfTheFailure() throws Exception {
    keys("keys-of-nobody", of(S3Server.ADMIN.secret()));
    instance("lost", "bucket: no-such-bucket, credentialsSecretRef: {name: keys-of-nobody}");
    backups.ask("lost-one", "lost");
    run(backups.job("lost-one"));
    assertThat(message(backups.await("lost-one", BackupPhase.FAILED, "BackupRefused")))
        .contains("bucket-missing", "no-such-bucket");
  }

  @Test
  void CLB_21_PIP_22_aNewInstanceBeginsWithASetInABucket() throws Exception {
    server.bucket("kept");
    keys("kept-keys", of(S3Server.ADMIN.secret()));
    instance("shop", "bucket: kept, prefix: cluster-1, credentialsSecretRef: {name: kept-keys}");
    backups.ask("shop-one", "shop");
    run(backups.job("shop-one"));
    StorageBackup done = backups.await("shop-one", BackupPhase.COMPLETED, "Completed");

    stage.create(
        "shop-again",
        "{sqlite: {databases: [a.db]}, bootstrap: {restoreFrom: {backupName: shop-one}}}");
    restores("shop-again");
    assertThat(rows("shop-again")).isEqualTo(3);

    // Nothing is left but the bucket; the first key is not the right one.
    stage.client().resource(done).delete();
    stage.create(
        "shop-later",
        """
        {sqlite: {databases: [a.db]}, bootstrap: {restoreFrom: {path: %s, id: %s,
          s3: {bucket: kept, endpoint: "%s", credentialsSecretRef: {name: not-yet}}}}}\
        """
            .formatted(
                Objects.requireNonNull(status(done).target()).prefix(),
                status(done).setId(),
                server.endpoint()));
    await("the Secret is named")
        .untilAsserted(() ->
            assertThat(Stage.condition(stage.instance("shop-later"), "Ready"))
                .isNotNull()
                .returns("RestoreSourceMissing", Condition::getReason)
                .returns(
                    true,
                    c -> c.getMessage().contains("bootstrap.restoreFrom.s3.credentialsSecretRef")));
    assertThat(stage.find(PersistentVolumeClaim.class, "shop-later-data")).isNull();
    keys("wrong", of("not-the-secret"));
    reachWith("wrong");
    Job refused = restoring.job("shop-later");
    assertThat(arguments(refused)).noneMatch(a -> a.contains("not-the-secret"));
    assertThat(volumes.run(refused)).isEqualTo(2);
    restoring.says(refused, 2, volumes.words());
    restoring.fail(refused, "PodFailurePolicy");
    assertThat(stage.awaitStalled("shop-later", "RestoreFailed"))
        .contains("credentials-refused")
        .doesNotContain("not-the-secret");
    assertThat(stage.find(Secret.class, "shop-later-binding")).isNull();

    reachWith("kept-keys");
    restores("shop-later");
    assertThat(rows("shop-later")).isEqualTo(3);
  }

  private static void reachWith(String secret) {
    stage.merge(
        StorageInstance.class,
        "shop-later",
        "{\"spec\":{\"bootstrap\":{\"restoreFrom\":{\"s3\":{\"credentialsSecretRef\":{\"name\":\"%s\"}}}}}}"
            .formatted(secret));
  }

  private static void restores(String instance) {
    Job job = restoring.job(instance);
    assertThat(volumes.run(job)).isZero();
    restoring.says(job, 0, volumes.words());
    restoring.complete(job);
    stage.awaitReady(instance);
  }

  private static int rows(String instance) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + volumes.of(instance + "-data").resolve("a.db"));
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM t")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
