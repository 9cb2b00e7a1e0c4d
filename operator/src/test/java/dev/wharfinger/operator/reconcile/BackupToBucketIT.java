package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.BackupStage.argument;
import static dev.wharfinger.testing.BackupStage.arguments;
import static dev.wharfinger.testing.BackupStage.message;
import static dev.wharfinger.testing.BackupStage.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.runner.CommandLine;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.MoveStage;
import dev.wharfinger.testing.S3Server;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
  @TempDir private Path root;
  private Path data;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open("bucket");
    backups = new BackupStage(stage);
    server = S3Server.start();
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
    server.close();
  }

  @BeforeEach
  void volume() throws Exception {
    data = Files.createDirectory(root.resolve("data"));
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("a.db"));
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

  private static void instance(String name, String more) {
    stage.create(
        name,
        """
        {sqlite: {databases: [a.db]}, backup: {target: {s3: {endpoint: "%s", %s}}}}\
        """
            .formatted(server.endpoint(), more));
    stage.awaitReady(name);
  }

  /** Does what the node would do with the pod of a Job. */
  private void run(Job job) throws Exception {
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    Path words = Files.createTempDirectory(root, "pod").resolve("words");
    Map<String, Path> places = new TreeMap<>();
    for (VolumeMount mount : pod.getContainers().getFirst().getVolumeMounts()) {
      places.put(mount.getMountPath(), mounted(pod, mount));
    }
    List<String> args = new ArrayList<>();
    for (String arg : pod.getContainers().getFirst().getArgs().stream().skip(1).toList()) {
      args.add(arg.equals("/dev/termination-log") ? words.toString() : local(arg, places));
    }
    int code = CommandLine.run(args);
    backups.says(job, code, Files.readString(words));
    if (code == 0) {
      backups.completesSilently(job);
    } else {
      backups.fails(job, code == 2 ? "PodFailurePolicy" : "BackoffLimitExceeded");
    }
  }

  private static String local(String arg, Map<String, Path> places) {
    for (Map.Entry<String, Path> place : places.entrySet()) {
      if (arg.equals(place.getKey()) || arg.startsWith(place.getKey() + "/")) {
        return place.getValue() + arg.substring(place.getKey().length());
      }
    }
    return arg;
  }

  private Path mounted(PodSpec pod, VolumeMount mount) throws Exception {
    Volume volume =
        pod.getVolumes().stream()
            .filter(v -> v.getName().equals(mount.getName()))
            .findFirst()
            .orElseThrow();
    if (volume.getPersistentVolumeClaim() != null) {
      return data;
    }
    Path folder = Files.createTempDirectory(root, mount.getName());
    if (volume.getSecret() != null) {
      Secret secret = stage.get(Secret.class, volume.getSecret().getSecretName());
      for (var item : volume.getSecret().getItems()) {
        Files.writeString(
            folder.resolve(item.getPath()),
            Objects.requireNonNull(SecretText.of(secret, item.getKey())));
      }
    }
    return folder;
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
  void whatIsMissingOfASecretIsNamedBeforeThereIsAJob() {
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
  void aSecretOfAnInstanceIsSentNowhere() {
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
}
