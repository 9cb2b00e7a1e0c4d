package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Policies;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.Transfer;
import dev.wharfinger.runner.transfer.TransferOptions;
import dev.wharfinger.runner.transfer.large.LargeOptions;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** One database of a running server, and a directory with the target. */
final class BackwardFixture {
  final PostgresServer server;
  final Path directory;
  final Path target;
  final String database;
  final UUID operation = UUID.randomUUID();
  final Map<String, String> formats = new HashMap<>();
  private Optional<Path> like = Optional.empty();
  private Optional<Path> compare = Optional.empty();
  private boolean derive;
  private boolean otherSessions;

  BackwardFixture(PostgresServer server, Path directory) throws SQLException {
    this.server = server;
    this.directory = directory;
    this.target = directory.resolve("app.db");
    this.database = server.newDatabase();
  }

  BackwardFixture postgres(String... statements) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String one : statements) {
        statement.execute(one);
      }
    }
    return this;
  }

  BackwardFixture file(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.executeUpdate(one);
      }
    }
    return this;
  }

  BackwardFixture target(String... statements) throws SQLException {
    return file(target, statements);
  }

  BackwardFixture like(Path file) {
    like = Optional.of(file);
    return this;
  }

  BackwardFixture comparing(Path file) {
    compare = Optional.of(file);
    return this;
  }

  BackwardFixture deriving() {
    derive = true;
    return this;
  }

  BackwardFixture withOtherSessions() {
    otherSessions = true;
    return this;
  }

  BackwardFixture format(String column, String name) {
    formats.put(column, name);
    return this;
  }

  BackwardOptions options(boolean dryRun) {
    return new BackwardOptions(
        PostgresUrl.parse(server.url(database), null),
        Optional.empty(),
        target,
        operation,
        dryRun,
        derive,
        like,
        compare,
        Map.of(),
        formats,
        otherSessions);
  }

  Report run() throws SQLException {
    return run(false);
  }

  Report run(boolean dryRun) throws SQLException {
    try (BackwardMove move = new BackwardMove(options(dryRun), (phase, rows, total) -> {})) {
      return move.run();
    }
  }

  /** Moves a file forward; its lock stays until the process ends. */
  Report forward(Path file, String... policies) {
    return forward(
        file, false, new Policies(Stream.of(policies).map(Policies.Policy::parse).toList()));
  }

  Report forward(Path file, boolean replace, Policies policies) {
    return new Transfer(
            new TransferOptions(
                file,
                PostgresUrl.parse(server.url(database), null),
                Optional.empty(),
                Optional.of(UUID.randomUUID()),
                false,
                false,
                replace,
                false,
                policies,
                Optional.empty(),
                LargeOptions.AUTO),
            (phase, rows, total) -> {})
        .run();
  }

  /** First column of all rows. */
  static List<String> query(Path file, String sql) throws SQLException {
    List<String> all = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        all.add(rows.getString(1));
      }
    }
    return all;
  }

  /** Names of the files in the directory, without the lock. */
  TreeSet<String> files() throws Exception {
    TreeSet<String> names = new TreeSet<>();
    try (var files = Files.list(directory)) {
      files.map(file -> file.getFileName().toString()).forEach(names::add);
    }
    names.remove(".app.db.wharfinger-lock");
    return names;
  }

  /** Rules of the findings, with table and column. */
  static List<String> rules(Report report) {
    List<String> rules = new ArrayList<>();
    report
        .json()
        .path("findings")
        .forEach(finding ->
            rules.add(
                finding.path("table").asText()
                    + "."
                    + finding.path("column").asText()
                    + " "
                    + finding.path("rule").asText()
                    + " "
                    + finding.path("count").asLong()));
    return rules;
  }
}
