package dev.wharfinger.e2e.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** Commands of the runner that is shipped, without a process of their own. */
final class Runner {
  private static final String RESULT = "--result";

  private Runner() {}

  /**
   * How a command ended.
   *
   * @param code its exit code
   * @param words what it left as its last words; empty where nobody asked for them
   */
  record Ended(int code, String words) {}

  /**
   * Flyway on a SQLite file.
   *
   * @param arguments those of {@code migrate-schema}, with paths that are there
   */
  static Ended migrateSchema(List<String> arguments) {
    return withResult(
        arguments,
        all -> {
          String command = "runner.MigrateSchema";
          Object options =
              Jar.ask(
                  "runner.Options",
                  "parse",
                  all,
                  Jar.constant(command, "VALUED"),
                  Jar.constant(command, "FLAGS"));
          return (int) Jar.on(Jar.make(command, Map.of()), "run", options);
        });
  }

  /**
   * Reads the revision of a SQLite file, and copies it where that is asked.
   *
   * @param arguments those of {@code schema-revision}, with paths that are there
   */
  static Ended schemaRevision(List<String> arguments) {
    return withResult(
        arguments,
        all -> {
          String command = "runner.SchemaRevision";
          Object options =
              Jar.ask("runner.Options", "parse", all, Jar.constant(command, "VALUED"), Set.of());
          return (int) Jar.on(Jar.make(command, Map.of()), "run", options);
        });
  }

  /** What an application's migration tool leaves behind that has brought a schema to a revision. */
  static void brings(Path file, String revision) {
    Driver driver = (Driver) Jar.make("org.sqlite.JDBC");
    try (Connection connection = driver.connect("jdbc:sqlite:" + file, new Properties());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num text NOT NULL)");
      statement.execute("DELETE FROM alembic_version");
      statement.execute("INSERT INTO alembic_version VALUES ('" + revision + "')");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What the probe says of a server that is there, and that lets the role in or does not know its
   * password.
   *
   * @param arguments those of {@code probe}
   */
  static Ended probe(List<String> arguments, Map<String, String> environment, boolean letIn) {
    return withResult(
        arguments,
        all -> {
          Object url =
              Jar.ask(
                  "runner.ServerLogin",
                  "parse",
                  all.get(all.indexOf("--to") + 1),
                  "--to",
                  environment);
          Object login = Jar.ask("runner.ServerLogin", "of", url, environment);
          Object finding =
              letIn
                  ? Jar.make(
                      "runner.probe.Finding",
                      Jar.constant("runner.probe.Finding", "REACHABLE"),
                      "role %s may use database %s on PostgreSQL 17"
                          .formatted(Jar.on(login, "user"), Jar.on(url, "database")),
                      false)
                  : Jar.ask(
                      "runner.probe.Refusal",
                      "of",
                      new SQLException("refused", "28P01"),
                      Jar.ask("runner.probe.Address", "of", url),
                      login);
          String result = all.get(all.indexOf(RESULT) + 1);
          Jar.tell("runner.ProbeCommand", "tell", finding, List.of(), null, Optional.of(result));
          String code =
              (boolean) Jar.on(finding, "reachable")
                  ? "DONE"
                  : (boolean) Jar.on(finding, "mayPass") ? "FAILED" : "REFUSED";
          return (int) Jar.constant("runner.ExitCode", code);
        });
  }

  /** All rows of a query's first column on a SQLite file. */
  static List<String> rows(Path file, String query) throws SQLException {
    Driver driver = (Driver) Jar.make("org.sqlite.JDBC");
    try (Connection connection = driver.connect("jdbc:sqlite:" + file, new Properties());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  private interface Command {
    int run(List<String> arguments);
  }

  /** The last words go to a file, as they do in a pod. */
  private static Ended withResult(List<String> arguments, Command command) {
    try {
      Path file = Files.createTempFile(Floor.directory().toAbsolutePath(), "last-words", "");
      try {
        List<String> all = new ArrayList<>(arguments);
        int at = all.indexOf(RESULT);
        if (at >= 0) {
          all.set(at + 1, file.toString());
        }
        return new Ended(command.run(all), Files.readString(file));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
