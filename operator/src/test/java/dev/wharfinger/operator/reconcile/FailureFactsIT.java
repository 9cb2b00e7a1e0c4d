package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.SchemaStage;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where a tool's words leave off: the names that somebody needs to mend it are told too. */
class FailureFactsIT {
  private static SchemaStage schema;

  @BeforeAll
  static void open() {
    schema = SchemaStage.open("facts");
  }

  @AfterAll
  static void close() {
    schema.close();
  }

  @Test
  void CLO_31_CLB_23_whoElseHasTheVolumeIsNamed() {
    schema.application("locked", "registry.example/app:1");
    schema.command("locked", "backend: SQLite", "run: Always");
    Job job = schema.job("locked");
    schema.applicationRuns("locked");
    assertThat(fails(job, "locked", "database is locked", "DatabaseLocked"))
        .contains("claim locked-data is used by pod locked-app", "sqlite.busyTimeout");
  }

  @Test
  void theLastGoodBackupOfADamagedFileIsNamed() {
    BackupStage backups = new BackupStage(schema.stage());
    schema.application("damaged", "registry.example/app:1");
    schema.command(
        "damaged", "backend: SQLite, backup: {target: {persistentVolumeClaim: {size: 1Gi}}}", "");
    schema.stage().awaitReady("damaged");
    backups.ask("good-one", "damaged");
    backups.completes(backups.job("good-one"), false);
    backups.await("good-one", BackupPhase.COMPLETED, "Completed");
    schema.annotate("damaged", "migrate-schema", "please");
    String words = "sqlite3.DatabaseError: database disk image is malformed";
    Job asked = schema.job("damaged");
    schema.first(asked, "schema", 1, words);
    schema.ends(asked, false);
    schema.awaitCondition("damaged", "False", "IntegrityCheckFailed");
    assertThat(schema.message("damaged", "SchemaMigrated")).contains("StorageBackup good-one");

    schema.application("unsaved", "registry.example/app:1");
    schema.command("unsaved", "backend: SQLite", "run: Always");
    assertThat(fails(schema.job("unsaved"), "unsaved", words, "IntegrityCheckFailed"))
        .contains("no StorageBackup");
  }

  @Test
  void whereTheFileIsAndWhoseTheToolIsIsSaid() {
    schema.application("elsewhere", "registry.example/app:1");
    schema.command("elsewhere", "backend: SQLite", "run: Always");
    String words = "sqlite3.OperationalError: unable to open database file";
    assertThat(fails(schema.job("elsewhere"), "elsewhere", words, "PathWrong"))
        .contains("/srv/elsewhere.db", "uid 1000", "gid of its image", "fsGroup 1000");
  }

  @Test
  void howLargeAFullVolumeIsIsSaid() {
    schema.application("full", "registry.example/app:1");
    schema.command(
        "full",
        "backend: SQLite, sqlite: {storage: {size: 3Gi, storageClassName: fast}}",
        "run: Always");
    assertThat(fails(schema.job("full"), "full", "database or disk is full", "DiskFull"))
        .contains("claim full-data has 3Gi", "StorageClass fast has allowVolumeExpansion");
  }

  @Test
  void CLO_33_theSecretWithTheRolesPasswordIsNamed() {
    schema.application("denied", "registry.example/app:1");
    schema.command("denied", "backend: PostgreSQL", "run: Always, backupFirst: false");
    String words = "FATAL:  password authentication failed for user \"denied\"";
    assertThat(fails(schema.job("denied"), "denied", words, "AuthenticationFailed"))
        .contains("Secret denied-postgresql-role", "Secret denied-credentials");
  }

  @Test
  void CLO_33_whatFlywayMeetsHasItsReasonToo() {
    schema.files("flown", "CREATE TABLE a (id int);");
    schema.create("flown", "backend: PostgreSQL", "run: Always");
    schema.fails(
        schema.job("flown"),
        "Unable to obtain connection from database: FATAL: password authentication failed for user 'flown'",
        null);
    assertThat(schema.stage().awaitStalled("flown", "AuthenticationFailed"))
        .contains("Unable to obtain connection", "Secret flown-postgresql-role");
    schema.awaitCondition("flown", "False", "AuthenticationFailed");
  }

  /** Flyway keeps its history, so a script that makes what is there is wrong itself. */
  @Test
  void aScriptThatRepeatsAnotherIsNotTakenForAHistoryThatIsMissing() {
    schema.files("twice", "CREATE TABLE a (id int);");
    schema.create("twice", "backend: PostgreSQL", "run: Always");
    schema.fails(
        schema.job("twice"), "Script V2__b.sql failed; ERROR: relation a already exists", null);
    assertThat(schema.stage().awaitStalled("twice", "SchemaMigrationFailed"))
        .contains("already exists");
  }

  /** The tool of a Job ends so; gives what is told of it. */
  private static String fails(Job job, String name, String words, String reason) {
    schema.first(job, "schema", 1, words);
    schema.ends(job, false);
    return schema.stage().awaitStalled(name, reason);
  }
}
