package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.testing.PostgresServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rollback as its own process, as its Job runs it. */
class RollbackProcessIT {
  @TempDir private Path directory;

  @Test
  void T29_countsThenTakesAndHoldsAndAbortKnowsIt() throws Exception {
    Path file = directory.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE t (v TEXT)");
      statement.executeUpdate("INSERT INTO t VALUES ('old')");
    }
    byte[] before = Files.readAllBytes(file);
    try (PostgresServer server = PostgresServer.start()) {
      String database = server.newDatabase();
      run(server, database, "CREATE TABLE t (v text)");
      run(server, database, "INSERT INTO t VALUES ('new')");
      String operation = UUID.randomUUID().toString();
      String to = "sqlite:///" + file;
      List<String> rollback =
          List.of("rollback", "--from", server.url(database), "--to", to, "--progress", "json");

      assertThat(runner(plus(rollback, "--dry-run")).waitFor()).as(out()).isZero();
      assertThat(out())
          .contains("\"name\":\"t\",\"onlyInPostgresql\":1,\"onlyInFile\":1")
          .doesNotContain("secret");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);

      String port = String.valueOf(freePort());
      Process holding = runner(plus(rollback, "--operation", operation, "--hold", "--port", port));
      await().atMost(Duration.ofMinutes(1)).until(() -> ready(port));
      assertThatThrownBy(() ->
              run(server, database, "SET lock_timeout = '200ms'; INSERT INTO t VALUES ('late')"))
          .hasMessageContaining("lock timeout");
      holding.destroy();
      assertThat(holding.waitFor()).isZero();

      assertThat(runner(List.of("transfer-abort", "--to", to, "--operation", operation)).waitFor())
          .isEqualTo(TransferAbort.COMMITTED);
      run(server, database, "INSERT INTO t VALUES ('free again')");
    }
  }

  private Process runner(List<String> args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RunnerMain.class.getName()));
    command.addAll(args);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile())
        .start();
  }

  private String out() throws IOException {
    return Files.readString(directory.resolve("out"));
  }

  private static List<String> plus(List<String> args, String... more) {
    List<String> all = new ArrayList<>(args);
    all.addAll(List.of(more));
    return all;
  }

  private static void run(PostgresServer server, String database, String sql) throws Exception {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean ready(String port) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + "/ready").toURL().openConnection();
    try {
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    } finally {
      connection.disconnect();
    }
  }
}
