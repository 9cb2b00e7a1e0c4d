package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.schema.FlywayMigrations;
import dev.wharfinger.testing.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database on either engine, a directory of migrations, and the runner. */
final class SchemaRig {
  private final Path directory;
  private final Path files;
  private final @Nullable PostgresServer server;
  private final @Nullable String database;

  /** What a run said: its exit code, its result, and everything it printed. */
  record Said(int exit, String code, String message, String revision, String copy, String log) {}

  private SchemaRig(Path directory, @Nullable PostgresServer server) throws Exception {
    this.directory = directory;
    this.server = server;
    this.database = server == null ? null : server.newDatabase();
    this.files = Files.createDirectory(directory.resolve("migrations"));
    if (server == null) {
      run("PRAGMA journal_mode=WAL");
    }
  }

  /** With an empty SQLite file in WAL mode. */
  static SchemaRig onSqlite(Path directory) throws Exception {
    return new SchemaRig(directory, null);
  }

  /** With an empty database of a server. */
  static SchemaRig onPostgresql(Path directory, PostgresServer server) throws Exception {
    return new SchemaRig(directory, server);
  }

  /** Writes a migration. */
  SchemaRig file(String name, String sql) throws Exception {
    Files.writeString(files.resolve(name), sql);
    return this;
  }

  void remove(String name) throws Exception {
    Files.delete(files.resolve(name));
  }

  Path files() {
    return files;
  }

  /** The SQLite file. */
  Path database() {
    return directory.resolve("app.db");
  }

  String url() {
    return server == null
        ? "sqlite:///" + database()
        : "postgresql://127.0.0.1:" + server.port() + "/" + database;
  }

  List<String> arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--to",
                url(),
                "--locations",
                files.toString(),
                "--result",
                directory.resolve("result.json").toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** The migrations of these files, as the role {@code app}. */
  FlywayMigrations flyway() {
    return new FlywayMigrations(
        MigrateSchema.database(url(), Map.of("PGUSER", "app", "PGPASSWORD", "secret")),
        files,
        Map.of(),
        null);
  }

  /** Runs the migrations as the role {@code app}. */
  Said migrate(String... more) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    int exit;
    try {
      exit =
          new MigrateSchema(Map.of("PGUSER", "app", "PGPASSWORD", "secret"))
              .run(Options.parse(arguments(more), MigrateSchema.VALUED, MigrateSchema.FLAGS));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return said(exit, printed.toString(StandardCharsets.UTF_8));
  }

  /** What the last run left behind. */
  Said said(int exit, String log) throws Exception {
    JsonNode json = new ObjectMapper().readTree(Files.readString(directory.resolve("result.json")));
    return new Said(
        exit,
        json.path("code").asText(),
        json.path("message").asText(),
        json.path("revision").asText(),
        json.path("copy").asText(),
        log);
  }

  /** Runs a statement as the application would. */
  void run(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** First column of the first row, or the words of the error. */
  String ask(String sql) {
    try (Connection connection = connect()) {
      return first(connection, sql);
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** The same of another SQLite file. */
  static String ask(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      return first(connection, sql);
    }
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
    }
  }

  Connection connect() throws SQLException {
    return server == null || database == null
        ? DriverManager.getConnection("jdbc:sqlite:" + database())
        : server.connect(database);
  }
}
