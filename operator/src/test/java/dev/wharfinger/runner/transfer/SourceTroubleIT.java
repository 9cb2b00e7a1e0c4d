package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source that is not what it was, or that somebody else writes into; memory that is not enough.
 */
class SourceTroubleIT {
  private static PostgresServer server;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private TransferFixture fixture() throws Exception {
    return new TransferFixture(server, directory)
        .source(
            "CREATE TABLE t (id integer PRIMARY KEY, v text)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
                + " INSERT INTO t SELECT i, hex(randomblob(50)) FROM n")
        .target("CREATE TABLE t (id integer PRIMARY KEY, v text)");
  }

  /** The tables are in the log alone, as long as nobody has written it into the file. */
  private Path withoutItsLog() throws Exception {
    Path live = directory.resolve("live.db");
    Path bare = directory.resolve("bare.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 1");
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("CREATE TABLE t (id integer PRIMARY KEY, v text)");
      statement.execute("INSERT INTO t VALUES (1, 'x')");
      Files.copy(live, bare);
    }
    return bare;
  }

  @Test
  void aFileWhoseTablesWereInALostLogIsNotMovedAsIfItWereEmpty() throws Exception {
    TransferFixture f = fixture();
    f.file = withoutItsLog();

    for (Report report : new Report[] {f.dryRun(), f.run()}) {
      assertThat(report.outcome()).as(report.message()).isEqualTo("refused");
      assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("source-has-no-tables");
      assertThat(report.json().at("/findings/0/detail").asText()).contains("app.db");
      assertThat(report.json().at("/findings/0/advice").asText()).contains("log");
    }
  }

  @Test
  void whereNobodyHasATableThatIsSaidAndDone() throws Exception {
    TransferFixture f = new TransferFixture(server, directory);
    f.file = withoutItsLog();

    Report report = f.run();

    assertThat(report.outcome()).as(report.message()).isEqualTo("moved");
    assertThat(report.json().at("/warnings/0/rule").asText()).isEqualTo("source-has-no-tables");
  }

  enum Damage {
    EMPTY,
    CUT,
    CUT_WITHIN_A_PAGE,
    CUT_WITHIN_THE_HEADER,
    NO_HEADER,
    ZEROED_PAGES
  }

  private static void damage(Path path, Damage damage) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      switch (damage) {
        case EMPTY -> file.setLength(0);
        // Whole pages: what is there is sound.
        case CUT -> file.setLength(file.length() / 8192 * 4096);
        case CUT_WITHIN_A_PAGE -> file.setLength(file.length() - 100);
        case CUT_WITHIN_THE_HEADER -> file.setLength(60);
        case NO_HEADER -> file.write(new byte[100]);
        case ZEROED_PAGES -> {
          file.seek(4 * 4096);
          file.write(new byte[4 * 4096]);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void T33_damagedSourceIsRefused(Damage damage) throws Exception {
    TransferFixture f = fixture();
    damage(f.file, damage);
    byte[] before = Files.readAllBytes(f.file);
    String target = f.dump();

    for (boolean snapshot : new boolean[] {false, true}) {
      if (snapshot) {
        f.snapshots(directory.resolve("snapshots"));
      }
      for (Report report : List.of(f.dryRun(), f.run())) {
        assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
        assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("source-damaged");
        if (damage == Damage.ZEROED_PAGES && !snapshot) {
          // The fifth to the eighth, of which SQLite names those that a row or an index leads to.
          assertThat(report.json().path("findings").findValuesAsText("detail").toString())
              .containsPattern("[Pp]age:? [5-8]\\b");
        }
      }
      f.unlocked();
    }

    assertThat(f.dump()).isEqualTo(target);
    assertThat(Files.readAllBytes(f.file)).isEqualTo(before);
    try (var beside = Files.list(directory)) {
      assertThat(beside.filter(path -> path.toString().endsWith("-journal"))).isEmpty();
    }
  }

  /** Byte of the log, from its start or its end, whose lowest bit is the other way round then. */
  @ParameterizedTest
  @ValueSource(longs = {9, 18, 40, 32 + 24 + 100, -(4096 + 24) * 3})
  void commitsBehindABrokenFrameAreNotPassedOver(long place) throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory).target("CREATE TABLE t (id integer, v text)");
    Path live = directory.resolve("live.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("CREATE TABLE t (id integer, v text)");
      for (int i = 0; i < 10; i++) {
        statement.execute("INSERT INTO t VALUES (" + i + ", hex(randomblob(1000)))");
      }
      Files.copy(live, f.file);
      Files.copy(Path.of(live + "-wal"), Path.of(f.file + "-wal"));
    }
    TransferFixture sound = f.unlocked();
    Files.copy(Path.of(directory.resolve("app.db") + "-wal"), Path.of(sound.file + "-wal"));
    assertThat(sound.dryRun().outcome()).isEqualTo("planned");
    f.unlocked();
    Path log = Path.of(f.file + "-wal");
    Files.copy(Path.of(directory.resolve("app.db") + "-wal"), log);
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      long at = place < 0 ? file.length() + place + 200 : place;
      file.seek(at);
      int value = file.read();
      file.seek(at);
      file.write(value ^ 1);
    }
    byte[] before = Files.readAllBytes(log);

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("write-ahead-log-damaged");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("0");
    assertThat(Files.readAllBytes(log)).isEqualTo(before);
  }

  /** Files as a process that is killed now leaves them. */
  private static void crash(Path live, Path file, String... parts) throws Exception {
    for (String part : parts) {
      Files.copy(Path.of(live + part), Path.of(file + part), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Connection writer(Path file) throws Exception {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("CREATE TABLE IF NOT EXISTS t (id integer, v text)");
    }
    return connection;
  }

  /** A log that was lost in part, read again, and written on before the next crash. */
  @Test
  void whatIsLeftBehindARecoveredLogIsNothingBroken() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory).target("CREATE TABLE t (id integer, v text)");
    Path first = directory.resolve("first.db");
    Path second = directory.resolve("second.db");
    try (Connection connection = writer(first);
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (1, 'kept')");
      statement.execute(
          "INSERT INTO t SELECT 2, hex(randomblob(1000)) FROM (VALUES (1), (2), (3), (4), (5), (6), (7))");
      crash(first, second, "", "-wal");
    }
    // The power fails: of the last transaction's first pages one did not come to the disk.
    Path log = Path.of(second + "-wal");
    long frames = (Files.size(log) - 32) / (4096 + 24);
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.seek(32 + (frames - 3) * (4096 + 24) + 500);
      file.write(new byte[1000]);
    }
    try (Connection connection = writer(second);
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (3, 'written on')");
      crash(second, f.file, "", "-wal", "-shm");
    }
    assertThat(Files.size(Path.of(f.file + "-wal"))).isEqualTo(32 + frames * (4096 + 24));

    assertThat(f.dryRun().outcome()).isEqualTo("planned");
    crash(f.file, directory.resolve("bare.db"), "", "-wal");
    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(report.json().path("warnings").findValuesAsText("rule"))
        .contains("write-ahead-log-remains");
    assertThat(f.rows("TABLE t ORDER BY 1")).isEqualTo("1|kept\n3|written on");

    // Nothing but the index tells: without it this may be a log that was damaged.
    f.file = directory.resolve("bare.db");
    assertThat(f.run().json().at("/findings/0/rule").asText()).isEqualTo("write-ahead-log-damaged");
  }

  @Test
  void theIndexOfALogShowsThatItsEndIsMissing() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory).target("CREATE TABLE t (id integer, v text)");
    Path live = directory.resolve("live.db");
    try (Connection connection = writer(live);
        var statement = connection.createStatement()) {
      for (int i = 0; i < 10; i++) {
        statement.execute("INSERT INTO t VALUES (" + i + ", 'v')");
      }
      crash(live, f.file, "", "-wal", "-shm");
    }
    try (RandomAccessFile file = new RandomAccessFile(f.file + "-wal", "rw")) {
      file.seek(file.length() - 3 * (4096 + 24) + 500);
      file.write("broken".repeat(100).getBytes(StandardCharsets.US_ASCII));
    }

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("write-ahead-log-damaged");
  }

  @Test
  void whatIsBehindTheLastPageIsNothingBroken() throws Exception {
    TransferFixture f = fixture();
    Files.write(f.file, new byte[100], StandardOpenOption.APPEND);
    Files.write(Path.of(f.file + "-wal"), new byte[9000]);

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("2000");
  }

  @Test
  void whatWasNotCommittedBeforeACrashIsNothingBroken() throws Exception {
    TransferFixture f =
        new TransferFixture(server, directory).target("CREATE TABLE t (id integer, v text)");
    Path live = directory.resolve("live.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("PRAGMA cache_size = 2");
      statement.execute("CREATE TABLE t (id integer, v text)");
      statement.execute("INSERT INTO t VALUES (1, 'a')");
      statement.execute("BEGIN");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200)"
              + " INSERT INTO t SELECT i, hex(randomblob(1000)) FROM n");
      Files.copy(live, f.file);
      Files.copy(Path.of(live + "-wal"), Path.of(f.file + "-wal"));
    }
    try (RandomAccessFile log = new RandomAccessFile(f.file + "-wal", "rw")) {
      assertThat(log.length()).isGreaterThan(50 * 4096);
      // The last of it did not reach the disk as a whole.
      log.setLength(log.length() - 1000);
    }

    Report report = f.run();

    assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("moved");
    assertThat(f.rows("TABLE t")).isEqualTo("1|a");
  }

  @Test
  void OXY_40_T33_sourceWhoseVolumeIsAnotherIsNotMadeAnew() throws Exception {
    TransferFixture f = fixture();
    f.file = directory.resolve("gone/app.db");

    for (Report report : List.of(f.dryRun(), f.run())) {
      assertThat(report.outcome()).isEqualTo("failed");
      assertThat(report.message()).contains("gone/app.db");
    }
    assertThat(f.file.getParent()).doesNotExist();

    f.file = directory.resolve("other.db");
    assertThat(f.run().message()).contains("other.db; its directory has app.db");
    assertThat(f.file).doesNotExist();
    assertThat(f.rows("SELECT to_regnamespace('wharfinger'), (SELECT count(*) FROM t)"))
        .isEqualTo("∅|0");
  }

  @Test
  void PHX_31_T24_writerWithAnOpenTransactionIsNotOverruled() throws Exception {
    TransferFixture f = fixture();
    try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + f.file);
        var statement = writer.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.executeUpdate("DELETE FROM t WHERE id > 1000");

      Report report = f.run();

      assertThat(report.outcome()).isEqualTo("failed");
      assertThat(report.message()).contains("locked");
      assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("0");
      statement.execute("COMMIT");
    }
    assertThat(f.run().outcome()).isEqualTo("moved");
    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"copying", "verifying", "committing"})
  void T24_writerWhoDoesNotAskForTheLockIsNoticed(String when) throws Exception {
    TransferFixture f = fixture();
    String before = f.dump();

    Report report =
        f.run((phase, rows, total) -> {
          if (phase.equals(when)) {
            append(Path.of(f.file + "-wal"));
          }
        });

    assertThat(report.outcome()).isEqualTo("failed");
    assertThat(report.message()).contains("changed although they were locked");
    assertThat(f.dump()).isEqualTo(before);
  }

  private static void append(Path file) {
    try {
      // Another process: this one would lose SQLite's locks with the file.
      Process other =
          new ProcessBuilder("sh", "-c", "printf written >> \"$1\"", "sh", file.toString()).start();
      assertThat(other.waitFor()).isZero();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"planning", "copying", "indexing", "verifying", "committing"})
  void T27_memoryThatRunsOutChangesNothingAndIsReported(String when) throws Exception {
    TransferFixture f = fixture();
    String before = f.dump();

    Report report =
        f.run((phase, rows, total) -> {
          if (phase.equals(when)) {
            throw new OutOfMemoryError("Java heap space");
          }
        });

    // Trying again would end in the same way.
    assertThat(report.outcome()).isEqualTo("refused");
    assertThat(report.message()).contains("memory");
    assertThat(report.json().at("/findings/0/rule").asText()).isEqualTo("out-of-memory");
    assertThat(f.dump()).isEqualTo(before);
    assertThat(f.unlocked().run().outcome()).isEqualTo("moved");
  }
}
