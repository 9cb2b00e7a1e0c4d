package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The move back as its own process: exit codes, options, secrets. */
class BackwardProcessIT {
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

  private int runner(String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx96m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RunnerMain.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile())
        .start()
        .waitFor();
  }

  private String out() throws Exception {
    return Files.readString(directory.resolve("out"));
  }

  private String database(String... statements) throws Exception {
    String url = server.url(server.newDatabase());
    execute(url, statements);
    return url;
  }

  private static void execute(String url, String... statements) throws Exception {
    try (Connection connection = server.connect(url.replaceAll(".*/([^?]*).*", "$1"));
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private void sqlite(Path file, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.executeUpdate(one);
      }
    }
  }

  private static String first(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      return row.getString(1);
    }
  }

  @Test
  void movesInLittleMemoryAndAbortKnowsIt() throws Exception {
    String url =
        database(
            "CREATE TABLE t (id integer PRIMARY KEY, b bytea)",
            // More than the process has memory.
            "INSERT INTO t SELECT i, decode(repeat('00', 1000000), 'hex')"
                + " FROM generate_series(1, 150) i");
    Path file = directory.resolve("app.db");
    Path report = directory.resolve("report.json");
    String operation = UUID.randomUUID().toString();
    String to = "sqlite:///" + file;

    int code =
        runner(
            "transfer",
            "--from",
            url,
            "--to",
            to,
            "--operation",
            operation,
            "--report",
            "" + report);

    assertThat(code).as(out()).isZero();
    assertThat(out()).contains("moved and verified (150 rows");
    assertThat(Files.readString(report)).contains("\"direction\" : \"to-sqlite\"");
    assertThat(out() + Files.readString(report)).doesNotContain("secret");
    assertThat(runner("transfer-abort", "--to", to, "--operation", operation)).isEqualTo(3);
    assertThat(runner("transfer-abort", "--to", to, "--operation", "" + UUID.randomUUID()))
        .isZero();
  }

  /** The same option on every way; another schema has tables of the same names. */
  @Test
  void anotherSchemaThanTheFirst() throws Exception {
    String url =
        database(
            "CREATE TABLE t (id integer PRIMARY KEY, v text)",
            "INSERT INTO t VALUES (1, 'of another')",
            "CREATE SCHEMA \"Two 2\"",
            "CREATE TABLE \"Two 2\".t (id integer PRIMARY KEY, v text)");
    Path file = directory.resolve("app.db");
    String to = "sqlite:///" + file;
    Path report = directory.resolve("report.json");
    sqlite(
        file, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a')");

    assertThat(runner("transfer", "--from", to, "--to", url, "--target-schema", "Two 2"))
        .as(out())
        .isZero();
    execute(url, "INSERT INTO \"Two 2\".t VALUES (2, 'b')");

    assertThat(
            runner(
                "rollback",
                "--from",
                url,
                "--to",
                to,
                "--target-schema",
                "Two 2",
                "--dry-run",
                "--report",
                "" + report))
        .as(out())
        .isZero();
    assertThat(out()).contains("t: 1 rows only in PostgreSQL, 0 only in the file");

    assertThat(runner("transfer", "--from", url, "--to", to, "--target-schema", "Two 2"))
        .as(out())
        .isZero();
    assertThat(out()).contains("not moved: public.t: in another schema");
    assertThat(first(file, "SELECT group_concat(id || v) FROM t")).isEqualTo("1a,2b");

    assertThat(runner("transfer", "--from", url, "--to", to, "--target-schema", "three"))
        .as(out())
        .isEqualTo(1);
    assertThat(first(file, "SELECT group_concat(id || v) FROM t")).isEqualTo("1a,2b");
  }

  @Test
  void abortedOperationEndsWithOne() throws Exception {
    String url = database("CREATE TABLE t (v text)");
    String to = "sqlite:///" + directory.resolve("app.db");
    String operation = UUID.randomUUID().toString();

    assertThat(runner("transfer-abort", "--to", to, "--operation", operation)).isZero();

    assertThat(runner("transfer", "--from", url, "--to", to, "--operation", operation))
        .isEqualTo(1);
    assertThat(directory.resolve("app.db")).doesNotExist();
  }

  @Test
  void optionsSettleWhatNothingElseTells() throws Exception {
    String url =
        database(
            "CREATE TABLE t (at timestamp, list integer[], mixed timestamp)",
            "INSERT INTO t VALUES ('2024-01-01', '{1,2}', '2024-01-01')");
    Path file = directory.resolve("app.db");
    sqlite(
        file,
        "CREATE TABLE t (at DATETIME, list TEXT, mixed DATETIME)",
        "INSERT INTO t VALUES (NULL, NULL, '2024-01-01 00:00:00'), (NULL, NULL, 'x'),"
            + " (NULL, NULL, '2024-01-01 00:00:00')");
    String to = "sqlite:///" + file;

    assertThat(runner("transfer", "--from", url, "--to", to)).isEqualTo(2);
    assertThat(out())
        .contains("t.list: target-type-not-supported")
        .contains("t.mixed: format-mixed, 1 times 2 of 3 as YYYY-MM-DD HH:MM:SS")
        .contains("t.at: format-ambiguous, 1 times, rows [\"(0,1)\"]");
    assertThat(runner("transfer", "--from", url, "--to", to, "--format", "t.at=never"))
        .isEqualTo(2);
    assertThat(out()).contains("t.at: no-such-format");
    Path profile = directory.resolve("profile.json");
    Files.writeString(profile, "{\"formats\": {\"t.at\": \"epoch-milliseconds\"}}");
    int code =
        runner(
            "transfer",
            "--from",
            url,
            "--to",
            to,
            "--format",
            "t.mixed=majority",
            "--format",
            "t.list=json",
            "--profile",
            "" + profile);
    assertThat(code).as(out()).isZero();
    assertThat(first(file, "SELECT at || list || mixed FROM t"))
        .isEqualTo("1704067200000[1,2]2024-01-01 00:00:00");
  }

  @Test
  void PHX_30_booksOfAMigrationToolTellTheFormats() throws Exception {
    String url =
        database(
            "CREATE TABLE django_migrations (app text, name text)",
            "CREATE TABLE t (at timestamptz, u uuid)",
            "INSERT INTO t VALUES ('2024-01-01 00:00:00.5+00', '00000000-0000-4000-8000-00000000000a')");
    Path file = directory.resolve("app.db");
    sqlite(
        file,
        "CREATE TABLE django_migrations (app TEXT, name TEXT)",
        "CREATE TABLE t (at DATETIME, u CHAR(32))");

    assertThat(runner("transfer", "--from", url, "--to", "sqlite:///" + file)).as(out()).isZero();

    assertThat(first(file, "SELECT at || u FROM t"))
        .isEqualTo("2024-01-01 00:00:00.50000000000000000040008000" + "00000000000a");
  }

  @Test
  void rowsHiddenByAPolicyAreAnErrorAndNotLeftOut() throws Exception {
    String url =
        database(
            "CREATE TABLE t (v text)",
            "INSERT INTO t VALUES ('x')",
            "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE t FORCE ROW LEVEL SECURITY");

    assertThat(
            runner("transfer", "--from", url, "--to", "sqlite:///" + directory.resolve("app.db")))
        .isEqualTo(2);
    assertThat(out()).contains("rejected-by-server-42501");
  }
}
