package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transfer that is asked to end leaves the application's volume as it was. */
class TerminatedTransferIT {
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

  private Path source() throws Exception {
    Path file = directory.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE t (b blob)");
      statement.executeUpdate(
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 256)"
              + " INSERT INTO t SELECT zeroblob(1048576) FROM n");
    }
    return file;
  }

  private Process runner(Path source, String url, Path snapshots) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            RunnerMain.class.getName(),
            "transfer",
            "--from",
            "sqlite:///" + source,
            "--to",
            url,
            "--snapshot-dir",
            snapshots.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile())
        .start();
  }

  private static List<String> files(Path directory) throws Exception {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".db.partial", ".db"})
  void snapshotGoesWithTheProcess(String ending) throws Exception {
    Path source = source();
    Path before = Files.copy(source, directory.resolve("before"));
    Path snapshots = directory.resolve("snapshots");
    String database = server.newDatabase();
    try (Connection connection = server.connect(database);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (b bytea)");
      connection.setAutoCommit(false);
      // With this, the transfer stands still once its snapshot is complete.
      statement.execute("LOCK TABLE t");
      Process transfer = runner(source, server.url(database), snapshots);
      try {
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .failFast("it ended by itself", () -> !transfer.isAlive())
            .until(() -> files(snapshots).stream().anyMatch(name -> name.endsWith(ending)));
      } finally {
        transfer.destroy();
      }
      assertThat(transfer.waitFor()).isNotZero();
    }

    assertThat(files(snapshots)).containsExactly("lock");
    assertThat(Files.mismatch(source, before)).isEqualTo(-1);
    assertThat(files(directory)).containsExactlyInAnyOrder("app.db", "before", "out", "snapshots");
  }
}
