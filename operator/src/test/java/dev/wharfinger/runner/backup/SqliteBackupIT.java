package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.CommandLine;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Collation;

/** Sets of SQLite files: what is in them, and when there is none. */
class SqliteBackupIT {
  @TempDir private Path root;

  @Test
  void PIP_18_allFilesAreOfOneInstantWhileTheApplicationWritesAsFastAsItCan() throws Exception {
    BackupRig rig = new BackupRig(root).database("a.db", 10).database("b.db", 10);
    Path end = root.resolve("end");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                BusyWriter.class.getName(),
                rig.data.toString(),
                end.toString())
            .inheritIO()
            .start();
    try {
      Path log = rig.data.resolve("b.db-wal");
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Files.exists(log) && Files.size(log) > 1 << 20);
      for (String id : List.of("one", "two", "three")) {
        rig.completed(id);
        assertThat(writer.isAlive()).isTrue();

        Path restored = rig.restored(id);

        long a = rows(restored.resolve("a.db"));
        long b = rows(restored.resolve("b.db"));
        assertThat(a).isGreaterThan(10);
        assertThat(a - b).as("rows of a and b: %d, %d", a, b).isBetween(0L, 1L);
      }
    } finally {
      Files.createFile(end);
      assertThat(writer.waitFor()).isZero();
    }
    assertThat(rows(rig.data.resolve("a.db")))
        .isGreaterThan(rows(root.resolve("restored-three").resolve("a.db")));
  }

  private static long rows(Path file) throws Exception {
    return Long.parseLong(BackupRig.query(file, "SELECT count(*) FROM t"));
  }

  @Test
  void CLB_07_whatAKilledApplicationLeftInItsLogIsInTheSetAndTheSourceStaysAsItIs()
      throws Exception {
    BackupRig rig = new BackupRig(root).declare("--database", "app.db");
    Path file = CommandLine.killedSource(rig.data.resolve("app.db"));
    List<String> before = CommandLine.hashes(file);

    rig.completed("one");

    assertThat(CommandLine.hashes(file)).isEqualTo(before);
    Path restored = rig.restored("one").resolve("app.db");
    assertThat(BackupRig.query(restored, "SELECT count(*) FROM child")).isEqualTo("2000");
    assertThat(BackupRig.query(restored, "SELECT count(*) FROM log")).isEqualTo("100");
    assertThat(BackupRig.query(restored, "PRAGMA journal_mode")).isEqualTo("wal");
  }

  @Test
  void PIP_18_databasesAndSideFilesAreOneSet() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 5).database("deep/er/two.db", 7);
    Path key = Files.writeString(rig.data.resolve("encryption.key"), "key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--------"));
    Files.createDirectories(rig.data.resolve("conf/empty"));
    Files.writeString(rig.data.resolve("conf/" + "long-".repeat(30) + "ä"), "umlaut");
    Files.createSymbolicLink(rig.data.resolve("conf/link"), Path.of("../encryption.key"));
    Files.setPosixFilePermissions(
        rig.data.resolve("deep/er"), PosixFilePermissions.fromString("rwxrwx---"));
    rig.declare("--extra-path", ".");

    BackupRig.Run run = rig.completed("one");
    Path restored = rig.restored("one");

    assertThat(run.warnings()).isEmpty();
    assertThat(BackupRig.names(restored))
        .containsExactly(
            "app.db",
            "conf/link",
            "conf/" + "long-".repeat(30) + "ä",
            "deep/er/two.db",
            "encryption.key");
    assertThat(restored.resolve("conf/empty")).isDirectory();
    assertThat(restored.resolve("conf/link")).hasContent("key");
    assertThat(Files.isSymbolicLink(restored.resolve("conf/link"))).isFalse();
    assertThat(Files.getPosixFilePermissions(restored.resolve("encryption.key")))
        .isEqualTo(PosixFilePermissions.fromString("r--------"));
    assertThat(Files.getPosixFilePermissions(restored.resolve("deep/er")))
        .isEqualTo(PosixFilePermissions.fromString("rwxrwx---"));
    assertThat(rows(restored.resolve("deep/er/two.db"))).isEqualTo(7);
    assertThat(BackupRig.names(root.resolve("scratch"))).containsExactly("lock");
  }

  @Test
  void aDatabaseWithCollationsOfTheApplicationIsCopiedAndItIsSaidWhatWasNotChecked()
      throws Exception {
    BackupRig rig = new BackupRig(root).database("plain.db", 1);
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + rig.data.resolve("app.db"));
        Statement statement = connection.createStatement()) {
      Collation.create(connection, "caseless", new Caseless());
      statement.execute("CREATE TABLE s (name text COLLATE caseless PRIMARY KEY) WITHOUT ROWID");
      statement.execute("INSERT INTO s VALUES ('a'), ('B'), ('c')");
    }
    rig.declare("--database", "app.db");

    BackupRig.Run run = rig.completed("one");

    assertThat(run.warning("not-checked")).contains("app.db", "s");
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + rig.restored("one").resolve("app.db"));
        Statement statement = connection.createStatement()) {
      Collation.create(connection, "caseless", new Caseless());
      try (var rows = statement.executeQuery("SELECT group_concat(name) FROM s")) {
        assertThat(rows.getString(1)).isEqualTo("a,B,c");
      }
    }
  }

  /** What only the application knows. */
  private static final class Caseless extends Collation {
    @Override
    protected int xCompare(String one, String other) {
      return one.compareToIgnoreCase(other);
    }
  }

  @Test
  void rowsThatBreakTheirRulesAreNoDamage() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 1);
    rig.sql(
        "app.db",
        "PRAGMA ignore_check_constraints=ON",
        "CREATE TABLE r (a integer CHECK (a > 0))",
        "INSERT INTO r VALUES (-1)");

    BackupRig.Run run = rig.completed("one");

    assertThat(run.warning("rows-break-rules")).contains("CHECK constraint failed in r");
    assertThat(BackupRig.query(rig.restored("one").resolve("app.db"), "SELECT a FROM r"))
        .isEqualTo("-1");
  }

  @Test
  void T33_aDamagedDatabaseIsRefusedAndNothingIsLeftInTheTarget() throws Exception {
    BackupRig rig = new BackupRig(root).database("good.db", 5).database("zbad.db", 2000);
    try (RandomAccessFile file = new RandomAccessFile(rig.data.resolve("zbad.db").toFile(), "rw")) {
      file.seek(8192);
      file.write(new byte[4096]);
    }

    BackupRig.Run run = rig.backup("one");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.reason()).isEqualTo("source-damaged");
    assertThat(BackupRig.names(rig.target)).containsExactly("lineage.json");
  }

  /** What is missing would be zeros in the copy, which SQLite finds nothing wrong with. */
  @Test
  void T33_aDatabaseThatEndsWithinAPageIsRefused() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 2000);
    assertThat(rig.backup("one").code()).isZero();
    try (RandomAccessFile file = new RandomAccessFile(rig.data.resolve("app.db").toFile(), "rw")) {
      file.setLength(file.length() - 100);
    }

    BackupRig.Run run = rig.backup("two");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.reason()).isEqualTo("source-damaged");
  }

  @Test
  void T33_aDatabaseThatIsNotThereOrNoneIsRefused() throws Exception {
    BackupRig rig = new BackupRig(root).declare("--database", "app.db");

    assertThat(rig.backup("one").reason()).isEqualTo("database-missing");
    Files.writeString(rig.data.resolve("app.db"), "this is no database, but a text of some length");

    assertThat(rig.backup("one").reason()).isEqualTo("source-damaged");
    assertThat(BackupRig.names(rig.target)).containsExactly("lineage.json");
  }

  @Test
  void whatNobodyDeclaredIsReported() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 1).database("sub/more.db", 1);
    rig.sql("forgotten.db", "CREATE TABLE x (y)");
    rig.sql("app.db.backup.20260303-120000", "CREATE TABLE x (y)");
    Files.writeString(rig.data.resolve("gone.db-wal"), "log");

    BackupRig.Run run = rig.completed("one");

    assertThat(run.warning("unprotected-files")).endsWith(": forgotten.db");
    assertThat(run.warning("stray-file")).contains("gone.db-wal");
  }

  @Test
  void extraPathsThatWouldNotHoldWhatTheySayAreRefused() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 1);
    rig.sql("live.db", "CREATE TABLE x (y)");
    Path outside = Files.writeString(root.resolve("outside"), "credentials");
    Files.createSymbolicLink(rig.data.resolve("out"), outside);
    Files.createSymbolicLink(rig.data.resolve("nowhere"), Path.of("void"));
    Files.createDirectories(rig.data.resolve("folder/real"));
    Files.createSymbolicLink(rig.data.resolve("folder/link"), Path.of("real"));

    assertThat(rig.backup("one", "--extra-path", "live.db").reason())
        .isEqualTo("database-in-extra-path");
    assertThat(rig.backup("one", "--extra-path", "out").reason()).isEqualTo("link-leads-outside");
    assertThat(rig.backup("one", "--extra-path", "nowhere").reason())
        .isEqualTo("extra-path-missing");
    assertThat(rig.backup("one", "--extra-path", "folder").reason()).isEqualTo("link-to-folder");
    assertThat(rig.backup("one", "--extra-path", "../outside").reason()).isEqualTo("name-outside");
    assertThat(BackupRig.names(rig.target)).containsExactly("lineage.json");
  }

  @Test
  void twoInstancesNeverWriteToOnePlace() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 1);
    rig.completed("one");
    List<String> before = BackupRig.names(rig.target);

    BackupRig.Run other = rig.backup("two", "--instance", "team-b.notes");

    assertThat(other.code()).isEqualTo(2);
    assertThat(other.reason()).isEqualTo("lineage-conflict");
    assertThat(other.report().path("message").asText()).contains("team-a.notes", "team-b.notes");
    assertThat(BackupRig.names(rig.target)).isEqualTo(before);
    Files.delete(rig.target.resolve("lineage.json"));
    assertThat(rig.backup("two").reason()).isEqualTo("lineage-lost");
    assertThat(rig.backup("two", "--prefix", "b/c", "--instance", "team-b.notes").code()).isZero();
  }

  @Test
  void aSetIsMadeOnce() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 1);
    rig.completed("one");

    BackupRig.Run again = rig.backup("one");
    assertThat(again.code()).isZero();
    assertThat(again.report().path("outcome").asText()).isEqualTo("already-completed");

    Files.createDirectory(rig.set("half"));
    Files.writeString(rig.set("half").resolve("files.tar.gz"), "somebody's");
    assertThat(rig.backup("half").reason()).isEqualTo("id-in-use");
    assertThat(BackupRig.names(rig.set("half"))).containsExactly("files.tar.gz");
  }

  @Test
  void aTargetThatIsNotMountedIsNotMade() throws Exception {
    Path missing = root.resolve("not-mounted");
    BackupRig rig = new BackupRig(root, missing).database("app.db", 1);

    BackupRig.Run run = rig.backup("one");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.report().path("message").asText()).contains("is the volume mounted");
    assertThat(missing).doesNotExist();
  }

  @Test
  void aSetWithHalfOfTheRowsIsKeptAndSuspicious() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 1000);
    rig.completed("one");
    rig.sql("app.db", "DELETE FROM t WHERE id > 400");

    assertThat(rig.completed("two").warning("suspicious")).contains("400 rows", "one", "1000");
    rig.completed("three");

    assertThat(rig.states())
        .containsEntry("one", "Completed")
        .containsEntry("two", "Suspicious")
        .containsEntry("three", "Suspicious");
    assertThat(rows(rig.restored("two").resolve("app.db"))).isEqualTo(400);
  }

  @Test
  void anEmptyFileIsADatabaseWithoutTables() throws Exception {
    BackupRig rig = new BackupRig(root).declare("--database", "app.db");
    Files.createFile(rig.data.resolve("app.db"));

    assertThat(rig.completed("one").warnings()).containsExactly("no-tables");

    assertThat(BackupRig.query(rig.restored("one").resolve("app.db"), "PRAGMA quick_check"))
        .isEqualTo("ok");
  }

  @Test
  void aSetNeverHoldsTheSetsBefore() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 1);
    Path inside = Files.createDirectory(rig.data.resolve("sets"));

    assertThat(rig.backup("one", "--extra-path", ".", "--to", "file://" + inside).code())
        .isEqualTo(64);
    assertThat(BackupRig.names(inside)).isEmpty();
  }

  @Test
  void aLargeCopyThatWouldKeepTheApplicationFromCommittingIsRefused() throws Exception {
    BackupRig rig = new BackupRig(root).declare("--database", "app.db");
    rig.sql(
        "app.db",
        "PRAGMA page_size=65536",
        "PRAGMA synchronous=OFF",
        "CREATE TABLE b (x)",
        "INSERT INTO b VALUES (zeroblob(280000000))");

    BackupRig.Run run = rig.backup("one");

    assertThat(run.reason()).isEqualTo("copy-would-block");
    assertThat(run.report().path("message").asText()).contains("app.db", "WAL");
    assertThat(rig.completed("one", "--allow-blocking").warnings()).isEmpty();
  }

  @Test
  void nothingIsRestoredOverAnything() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 3);
    rig.completed("one");
    rig.sql("app.db", "DELETE FROM t");

    BackupRig.Run run = rig.restore("one", rig.data);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.reason()).isEqualTo("directory-not-empty");
    assertThat(rows(rig.data.resolve("app.db"))).isZero();
    assertThat(BackupRig.names(rig.data)).noneMatch(name -> name.contains("wharfinger"));
    assertThat(rig.restore("none", root.resolve("new")).reason()).isEqualTo("set-missing");
  }
}
