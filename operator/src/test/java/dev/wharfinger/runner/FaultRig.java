package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;

/** One source, one database, and the runner as processes that may die. */
final class FaultRig {
  /** Whether all of a matrix is to be run, which takes minutes, or what takes seconds. */
  static final boolean FULL = Boolean.getBoolean("faults.full");

  final PostgresServer server;
  final Path directory;
  final Path source;
  final String database;
  final UUID operation;
  private final List<String> sourceBefore;
  private final String targetBefore;

  /** With a target as it is now. */
  FaultRig(PostgresServer server, Path directory, Path source, String database) throws Exception {
    this(server, directory, source, database, UUID.randomUUID(), server.dump(database));
  }

  private FaultRig(
      PostgresServer server,
      Path directory,
      Path source,
      String database,
      UUID operation,
      String targetBefore)
      throws Exception {
    this.server = server;
    this.directory = directory;
    this.source = source;
    this.database = database;
    this.operation = operation;
    this.sourceBefore = FaultSource.hashes(source);
    this.targetBefore = targetBefore;
  }

  /** A database in which {@code statements} were run by the application's role. */
  static String database(PostgresServer server, List<String> statements) throws SQLException {
    String database = server.newDatabase();
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return database;
  }

  /** The same state once more, for another way on; a dead process's sessions have ended. */
  FaultRig fork() throws Exception {
    String copy = server.newDatabase(database);
    Path file = FaultSource.copy(source, Path.of(source + "-forked"));
    return new FaultRig(server, directory, file, copy, operation, targetBefore);
  }

  List<String> transfer(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "transfer",
                "--from",
                "sqlite:///" + source,
                "--to",
                server.url(database),
                "--operation",
                operation.toString(),
                "--report",
                directory.resolve("report.json").toString()));
    args.addAll(Arrays.asList(more));
    return args;
  }

  List<String> abort() {
    return List.of(
        "transfer-abort", "--to", server.url(database), "--operation", operation.toString());
  }

  /** Starts the runner as a process, whose output goes to the file {@code out}. */
  static Process start(Path directory, List<String> jvm, List<String> args) throws IOException {
    return start(directory, jvm, Map.of(), args);
  }

  /** The same with more variables. */
  static Process start(
      Path directory, List<String> jvm, Map<String, String> environment, List<String> args)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(jvm);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), RunnerMain.class.getName()));
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Runs it to its end, which it finds at a place where a test may let it die. */
  void dieAt(String failpoint, List<String> args) throws Exception {
    Process process = start(directory, List.of("-Dwharfinger.failpoint=" + failpoint), args);
    assertThat(process.waitFor()).as(out()).isEqualTo(137);
    awaitNobody();
  }

  String out() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  String outcome() throws IOException {
    return new com.fasterxml.jackson.databind.ObjectMapper()
        .readTree(directory.resolve("report.json").toFile())
        .path("outcome")
        .asText();
  }

  /** Waits until the server has noticed that its clients are gone. */
  void awaitNobody() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() ->
            query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'wharfinger'")
                .equals("0"));
  }

  String query(String sql) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  /** Outcomes of this operation as the markers say, and nothing of another one. */
  String markers() throws SQLException {
    if (query("SELECT to_regclass('wharfinger.marker')").equals("null")) {
      return "";
    }
    return query(
        "SELECT coalesce(string_agg(CASE operation WHEN '"
            + operation
            + "' THEN outcome ELSE 'of another' END, ','), '') FROM wharfinger.marker");
  }

  void assertSourceUntouched() throws Exception {
    assertThat(FaultSource.hashes(source)).isEqualTo(sourceBefore);
  }

  /** Nothing is committed, and the source is as it was. */
  void assertNothingHappened() throws Exception {
    assertThat(markers()).isEmpty();
    assertThat(server.dump(database)).isEqualTo(targetBefore);
    assertSourceUntouched();
  }

  /**
   * Everything is there once, and the source is as it was.
   *
   * @param moved the dump of a target after a transfer that nothing happened to
   */
  void assertMoved(String moved) throws Exception {
    assertThat(markers()).isEqualTo("committed");
    assertThat(lines(server.dump(database))).isEqualTo(lines(moved));
    assertSourceUntouched();
  }

  /**
   * The lines of a dump in an order of their own: rows lie where there was room, and a vacuum may
   * have made some of what a killed transfer left.
   */
  private static List<String> lines(String dump) {
    return dump.lines().sorted().toList();
  }

  void assertAborted() throws Exception {
    assertThat(markers()).isEqualTo("aborted");
    assertThat(server.dump(database)).isEqualTo(targetBefore);
    assertSourceUntouched();
  }

  /** Runs the same operation again, which must end as {@code outcome}. */
  void again(String outcome, String moved, String... more) throws Exception {
    assertThat(RunnerMain.run(transfer(more))).isZero();
    assertThat(outcome()).isEqualTo(outcome);
    assertMoved(moved);
  }
}
