package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.job.BackupDecision;
import dev.wharfinger.operator.job.BackupJob;
import dev.wharfinger.operator.job.SetAddress;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.BackupModel;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.runner.CommandLine;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's Job and the runner's words go together: the very arguments are run. */
class BackupRunIT {
  @TempDir private Path root;
  private Path data;
  private Path target;

  @BeforeEach
  void volume() throws Exception {
    data = Files.createDirectory(root.resolve("data"));
    target = Files.createDirectory(root.resolve("backups"));
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("a.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE t (id integer PRIMARY KEY)");
      statement.execute("INSERT INTO t VALUES (1), (2), (3)");
    }
    Files.writeString(data.resolve("key"), "k");
  }

  @Test
  void PIP_18_whatTheJobIsToldTheRunnerDoesAndWhatItSaysIsUnderstood() throws Exception {
    StorageBackup backup = backup("before.upgrade", "u1");
    StorageBackupStatus first = run(backup, 0, "Complete");

    assertThat(first)
        .returns(BackupPhase.COMPLETED, StorageBackupStatus::phase)
        .returns("HashVerified", StorageBackupStatus::level)
        .returns(SetAddress.id(backup), StorageBackupStatus::setId);
    assertThat(Objects.requireNonNull(first.totals()))
        .returns(1L, StorageBackupStatus.Totals::databases)
        .returns(3L, StorageBackupStatus.Totals::rows)
        .returns(1L, StorageBackupStatus.Totals::files);
    assertThat(first.recipients()).hasSize(1);
    assertThat(first.consistentAt()).isNotBlank();

    // Once more, as after a Job that was cleaned up: the same set, told the same.
    assertThat(run(backup, 0, "Complete")).isEqualTo(first);

    // Another StorageBackup is another set, also under the same name.
    StorageBackupStatus other = run(backup("before.upgrade", "u2"), 0, "Complete");
    assertThat(other.setId()).isNotEqualTo(first.setId());
    try (var sets = Files.list(target.resolve("team-a.notes/uid-1/sqlite-1/sets"))) {
      assertThat(sets.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder(first.setId(), other.setId());
    }
  }

  @Test
  void whatTheApplicationHasNotMadeYetIsNoFailureAndWhatIsGoneIs() throws Exception {
    assertThat(data.resolve("later.db")).doesNotExist();
    assertThat(Objects.requireNonNull(run(backup("early", "u3"), 0, "Complete").totals()))
        .returns(1L, StorageBackupStatus.Totals::databases);
    Files.copy(data.resolve("a.db"), data.resolve("later.db"));
    assertThat(Objects.requireNonNull(run(backup("late", "u3"), 0, "Complete").totals()))
        .returns(2L, StorageBackupStatus.Totals::databases);
    Files.delete(data.resolve("a.db"));
    assertThat(run(backup("gone", "u3"), 2, "Failed").phase()).isEqualTo(BackupPhase.FAILED);
    BackupReport report = BackupReport.parse(Files.readString(root.resolve("words")));
    assertThat(Objects.requireNonNull(report).reason()).isEqualTo("database-missing");
  }

  private StorageBackupStatus run(StorageBackup backup, int code, String condition)
      throws Exception {
    StorageInstance instance =
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: notes, namespace: team-a, uid: uid-1}
            spec:
              backend: SQLite
              sqlite: {databases: [a.db, later.db], optionalDatabases: [later.db]}
              backup:
                target: {persistentVolumeClaim: {size: 1Gi}}
                extraPaths: [key]
                encryption: {recipients: [age1le4k3kxwaw5rrnlsmm2qmvnuxhn260llflppu2x2l49852ddta0qqphrs7]}
            """);
    BackupModel options = Objects.requireNonNull(BackupModel.of(instance));
    BackupDecision decision =
        new BackupDecision(
            backup.getMetadata().getUid(),
            SetAddress.of(backup, instance, new ActiveBackend(Backend.SQLITE, 1)),
            options.target());
    Job job =
        BackupJob.desired(
            backup,
            InstanceModel.of(instance, RunningOperator.config("team-a")),
            options,
            decision,
            new BackupJob.Whereabouts(null, true));
    Path words = root.resolve("words");
    List<String> args =
        job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs().stream()
            .skip(1)
            .map(a -> a.equals("/data") ? data.toString() : a)
            .map(a -> a.equals("file:///backups") ? "file://" + target : a)
            .map(a -> a.equals("/dev/termination-log") ? words.toString() : a)
            .toList();
    assertThat(CommandLine.run(args)).isEqualTo(code);
    Job ended =
        new JobBuilder(job)
            .withNewStatus()
            .addNewCondition()
            .withType(condition)
            .withStatus("True")
            .withReason("PodFailurePolicy")
            .endCondition()
            .endStatus()
            .build();
    return Objects.requireNonNull(
            BackupJudgement.of(backup, ended, BackupReport.parse(Files.readString(words)), ""))
        .facts();
  }

  private static StorageBackup backup(String name, String uid) {
    return Yaml.read(
        StorageBackup.class,
        """
        apiVersion: wharfinger.dev/v1alpha1
        kind: StorageBackup
        metadata: {name: %s, namespace: team-a, uid: %s}
        spec: {instanceRef: {name: notes}}
        """
            .formatted(name, uid));
  }
}
