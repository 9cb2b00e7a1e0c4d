package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.large.LargeOptions;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One SQLite file and one database of a running server. */
final class TransferFixture {
  final PostgresServer server;
  Path file;
  final String database;
  final UUID operation = UUID.randomUUID();
  private boolean replace;
  private boolean replaceFormer;
  private boolean derive;
  private final List<Policies.Policy> policies = new ArrayList<>();
  private Optional<String> targetSchema = Optional.empty();
  private Optional<Path> snapshots = Optional.empty();
  private LargeOptions large = LargeOptions.AUTO;

  TransferFixture(PostgresServer server, Path directory) throws SQLException {
    this.server = server;
    this.file = directory.resolve("app.db");
    this.database = server.newDatabase();
  }

  TransferFixture source(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.executeUpdate(one);
      }
    }
    return this;
  }

  TransferFixture target(String... statements) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
    return this;
  }

  TransferFixture replacing() {
    replace = true;
    return this;
  }

  TransferFixture replacingFormer() {
    replaceFormer = true;
    return this;
  }

  TransferFixture deriving() {
    derive = true;
    return this;
  }

  TransferFixture existing() {
    derive = false;
    return this;
  }

  TransferFixture into(String schema) {
    targetSchema = Optional.of(schema);
    return this;
  }

  TransferFixture policy(String text) {
    policies.add(Policies.Policy.parse(text));
    return this;
  }

  TransferFixture snapshots(Path directory) {
    snapshots = Optional.of(directory);
    return this;
  }

  TransferFixture large(int workers, long chunkBytes) {
    large = LargeOptions.AUTO.when("always").with(workers, chunkBytes);
    return this;
  }

  /** The same file under another name: a transfer keeps its lock until its process ends. */
  TransferFixture unlocked() throws IOException {
    file = Files.copy(file, Path.of(file + "-again"));
    return this;
  }

  TransferOptions options(boolean dryRun) {
    return new TransferOptions(
        file,
        PostgresUrl.parse(server.url(database), null),
        targetSchema,
        Optional.of(operation),
        dryRun,
        derive,
        replace,
        replaceFormer,
        new Policies(policies),
        snapshots,
        large);
  }

  Report run() {
    return new Transfer(options(false), (phase, rows, total) -> {}).run();
  }

  Report run(Progress progress) {
    return new Transfer(options(false), progress).run();
  }

  Report dryRun() {
    return new Transfer(options(true), (phase, rows, total) -> {}).run();
  }

  /** Storage class of a value in the file, and the value or its bytes in hexadecimal digits. */
  String stored(String table, String column, String id) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT typeof(%1$s), lower(hex(%1$s)), %1$s FROM %2$s WHERE id = %3$s"
                    .formatted(column, table, id))) {
      return row.getString(1)
          + " "
          + switch (row.getString(1)) {
            case "integer" -> row.getLong(3);
            case "real" -> "%016x".formatted(Double.doubleToRawLongBits(row.getDouble(3)));
            case "null" -> "";
            default -> row.getString(2);
          };
    }
  }

  /** Rows as {@code a|b}, one a line; NULL is {@code ∅}. */
  String rows(String sql) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          text.append(text.isEmpty() ? "" : "\n");
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            String value = rows.getString(i);
            text.append(i == 1 ? "" : "|").append(value == null ? "∅" : value);
          }
        }
      }
    }
    return text.toString();
  }

  String dump() throws Exception {
    return server.dump(database);
  }
}
