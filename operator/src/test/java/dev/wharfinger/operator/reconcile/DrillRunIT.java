package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.DrillStage;
import dev.wharfinger.testing.Stage;
import dev.wharfinger.testing.Volumes;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A drill of a real set. Of its Jobs the test plays kubelet: it mounts what the pod mounts, and
 * runs the very arguments.
 */
class DrillRunIT {
  @TempDir private Path root;
  private Stage stage;
  private BackupStage backups;
  private DrillStage drills;
  private Volumes volumes;

  @BeforeEach
  void open() throws Exception {
    stage = Stage.open("drill-run");
    backups = new BackupStage(stage);
    drills = new DrillStage(stage, backups);
    volumes = new Volumes(stage, root);
    volumes.lead("/scratch", volumes.of("scratch").toString());
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + volumes.of("notes-data").resolve("a.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE t (id integer PRIMARY KEY)");
      statement.execute("INSERT INTO t VALUES (1), (2), (3)");
    }
    stage.create(
        "notes",
        "{backend: SQLite, sqlite: {databases: [a.db]}, backup: {target: {persistentVolumeClaim: {size:"
            + " 1Gi}}, drill: {suspend: true}}}");
    stage.awaitReady("notes");
    backups.ask("notes-one", "notes");
    Job job = backups.job("notes-one");
    assertThat(volumes.run(job)).as(volumes.words()).isZero();
    backups.says(job, 0, volumes.words());
    backups.completesSilently(job);
    backups.await("notes-one", BackupPhase.COMPLETED, "Completed");
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whatTheJobIsToldTheRunnerDoesAndWhatItSaysIsUnderstood() throws Exception {
    run("first", 0);
    drills.await("notes", "True", "Proven");
    assertThat(drills.last("notes"))
        .returns("notes-one", BackupOverview.LastDrill::backup)
        .returns(null, BackupOverview.LastDrill::reason);
    assertThat(drills.last("notes").seconds()).isNotNull();
    assertThat(drills.last("notes").dataAge()).isNotNull();
    assertThat(volumes.of("scratch")).isEmptyDirectory();

    damage(volumes.of("notes-backups"));
    run("second", 2);
    assertThat(drills.await("notes", "False", "DrillFailed").getMessage()).contains("notes-one");
    assertThat(drills.last("notes")).returns("set-damaged", BackupOverview.LastDrill::reason);
  }

  private void run(String word, int code) {
    drills.ask("notes", word);
    Job job = drills.job("notes");
    assertThat(volumes.run(job)).as(volumes.words()).isEqualTo(code);
    drills.ends(job, code, volumes.words());
  }

  /** Cuts the copy of the database off, as a volume may that is at its end. */
  private static void damage(Path target) throws Exception {
    Path copy;
    try (Stream<Path> files = Files.walk(target)) {
      copy = files.filter(f -> f.toString().endsWith(".db.gz")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(copy);
    Files.write(copy, Arrays.copyOf(whole, whole.length - 1));
  }
}
