package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner as its own process: exit codes, bytes of the source, the hold. */
class RunnerProcessIT {
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

  private Process runner(String... args) throws IOException {
    return java(RunnerMain.class.getName(), args);
  }

  private Process java(String main, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    command.addAll(Arrays.asList(args));
    return new ProcessBuilder(command)
        .redirectOutput(directory.resolve("out").toFile())
        .redirectError(directory.resolve("err").toFile())
        .start();
  }

  private String out() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  /** A database in WAL mode whose writer was killed with all its rows still in the log. */
  private Path killedWriter() throws Exception {
    Path file = directory.resolve("app.db");
    assertThat(java(KilledWriter.class.getName(), file.toString()).waitFor()).isEqualTo(137);
    assertThat(Files.size(Path.of(file + "-wal"))).isPositive();
    return file;
  }

  /** Writes, commits, and ends without closing anything. */
  static final class KilledWriter {
    public static void main(String[] args) throws Exception {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
      try (var statement = connection.createStatement()) {
        statement.executeQuery("PRAGMA journal_mode=WAL").close();
        statement.executeUpdate("CREATE TABLE t (id integer PRIMARY KEY)");
        statement.executeUpdate("INSERT INTO t VALUES (1), (2), (3)");
      }
      Runtime.getRuntime().halt(137);
    }
  }

  private static byte[][] bytes(Path file) throws IOException {
    return new byte[][] {Files.readAllBytes(file), Files.readAllBytes(Path.of(file + "-wal"))};
  }

  @Test
  void sourceAndItsLeftoverLogAreTheSameBytesAfterwards() throws Exception {
    Path file = killedWriter();
    byte[][] before = bytes(file);
    String url = server.url(server.newDatabase());

    Process dry =
        runner(
            "transfer",
            "--from",
            "sqlite:///" + file,
            "--to",
            url,
            "--plan",
            "--target-schema",
            "public",
            "--policy",
            "nul-in-text=strip",
            "--policy",
            "orphans=delete");
    assertThat(dry.waitFor()).as(out()).isZero();
    assertThat(bytes(file)).isDeepEqualTo(before);
    Process real =
        runner(
            "transfer",
            "--from",
            "sqlite:///" + file,
            "--to",
            url,
            "--snapshot-dir",
            directory.resolve("s").toString());
    assertThat(real.waitFor()).as(out()).isZero();

    assertThat(bytes(file)).isDeepEqualTo(before);
    assertThat(out()).contains("moved and verified (3 rows");
  }

  @Test
  void holdAnswersAndKeepsTheLockUntilTerminated() throws Exception {
    Path file = killedWriter();
    byte[][] before = bytes(file);
    String url = server.url(server.newDatabase());
    UUID operation = UUID.randomUUID();
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Process holding =
        runner(
            "transfer",
            "--from",
            "sqlite:///" + file,
            "--to",
            url,
            "--operation",
            "" + operation,
            "--progress",
            "json",
            "--hold",
            "--port",
            "" + port);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready")).build();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptions()
          .until(() ->
              client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
    }
    assertThat(out().lines().reduce((a, b) -> b).orElseThrow())
        .startsWith("{\"event\":\"report\",\"report\":{")
        .doesNotContain("secret");
    assertThat(write(file)).contains("database is locked");

    holding.destroy();

    assertThat(holding.waitFor()).isZero();
    assertThat(bytes(file)).isDeepEqualTo(before);
    assertThat(runner("transfer-abort", "--to", url, "--operation", "" + operation).waitFor())
        .isEqualTo(3);
    assertThat(out()).isEqualTo("{\"event\":\"outcome\",\"outcome\":\"committed\"}\n");
    assertThat(write(file)).isEmpty();
  }

  private static String write(Path file) throws Exception {
    Process process =
        new ProcessBuilder("sqlite3", file.toString(), "INSERT INTO t VALUES (77)")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), "UTF-8");
    process.waitFor();
    return said;
  }

  @Test
  void abortedOperationEndsWithOne() throws Exception {
    Path file = killedWriter();
    String url = server.url(server.newDatabase());
    String operation = UUID.randomUUID().toString();

    assertThat(runner("transfer-abort", "--to", url, "--operation", operation).waitFor()).isZero();
    assertThat(
            runner("transfer", "--from", "sqlite:///" + file, "--to", url, "--operation", operation)
                .waitFor())
        .isEqualTo(1);
  }

  @Test
  void abortCannotTellWhileACommitIsPending() throws Exception {
    String database = server.newDatabase();
    UUID operation = UUID.randomUUID();
    assertThat(
            runner(
                    "transfer-abort",
                    "--to",
                    server.url(database),
                    "--operation",
                    "" + UUID.randomUUID())
                .waitFor())
        .isZero();
    try (Connection pending = server.connect(database);
        var statement = pending.createStatement()) {
      pending.setAutoCommit(false);
      statement.execute(
          "INSERT INTO wharfinger.marker (operation, outcome) VALUES ('"
              + operation
              + "', 'committed')");

      assertThat(
              runner(
                      "transfer-abort",
                      "--to",
                      server.url(database),
                      "--operation",
                      "" + operation,
                      "--wait",
                      "1")
                  .waitFor())
          .isEqualTo(1);
    }
  }

  @Test
  void wrongUsageAndFailures() throws Exception {
    assertThat(runner("transfer", "--from", "sqlite:///relative.db").waitFor()).isEqualTo(64);
    assertThat(
            runner(
                    "transfer",
                    "--from",
                    "sqlite:////nowhere.db",
                    "--to",
                    "postgresql://u:hush@127.0.0.1:1/d",
                    "--report",
                    directory.resolve("r").toString())
                .waitFor())
        .isEqualTo(1);
    assertThat(Files.readString(directory.resolve("r")) + out()).doesNotContain("hush");
    assertThat(runner("help").waitFor()).isZero();
  }

  @Test
  void overwritesNothingWhereTheReportCannotBeWritten() throws Exception {
    Path file = killedWriter();
    String database = server.newDatabase();
    String before = server.dump(database);

    assertThat(
            runner(
                    "transfer",
                    "--from",
                    "sqlite:///" + file,
                    "--to",
                    server.url(database),
                    "--report",
                    "/nowhere/report.json")
                .waitFor())
        .isEqualTo(64);
    assertThat(server.dump(database)).isEqualTo(before);
  }

  @Test
  void flywayMigratesFromADirectory() throws Exception {
    Path migrations = Files.createDirectory(directory.resolve("sql"));
    Files.writeString(migrations.resolve("V1__t.sql"), "CREATE TABLE made (id integer);");
    String database = server.newDatabase();

    assertThat(
            runner("migrate-schema", "--to", server.url(database), "--locations", "" + migrations)
                .waitFor())
        .as(Files.readString(directory.resolve("err")))
        .isZero();

    assertThat(server.dump(database)).contains("CREATE TABLE public.made");
  }
}
