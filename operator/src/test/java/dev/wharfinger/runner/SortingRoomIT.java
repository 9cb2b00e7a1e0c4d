package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.SmallVolume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where indexes of a new file are sorted: beside it, if there is room. */
class SortingRoomIT {
  private static PostgresServer server;
  private static String database;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    // More than SQLite sorts in memory.
    database =
        FaultRig.database(
            server,
            List.of(
                "CREATE TABLE t (v text)",
                "INSERT INTO t SELECT string_agg(md5(random()::text), '')"
                    + " FROM generate_series(1, 32), generate_series(1, 80000) i GROUP BY i"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void pattern(Path file) throws Exception {
    Files.createDirectories(file.getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (v TEXT)");
      statement.execute("CREATE INDEX by_v ON t (v)");
    }
  }

  private int run(Path temporary) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            RunnerMain.class.getName(),
            "transfer",
            "--from",
            server.url(database),
            "--to",
            "sqlite:///" + target());
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile());
    process.environment().put("SQLITE_TMPDIR", temporary.toString());
    return process.start().waitFor();
  }

  private Path target() {
    return directory.resolve("data/app.db");
  }

  private String out() throws Exception {
    return Files.readString(directory.resolve("out"));
  }

  private List<String> names() throws Exception {
    try (var files = Files.list(target().getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith("wharfinger-lock"))
          .sorted()
          .toList();
    }
  }

  @Test
  void T25_aSmallDirectoryForTemporaryFilesIsNotFilledUp() throws Exception {
    try (SmallVolume temporary = SmallVolume.of(16, 100)) {
      pattern(target());

      assertThat(run(temporary.path())).as(out()).isZero();

      assertThat(names()).hasSize(2).allMatch(name -> name.startsWith("app.db"));
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + target());
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery("SELECT count(*) FROM t INDEXED BY by_v WHERE v > ''")) {
        assertThat(row.getLong(1)).isEqualTo(80_000);
      }
    }
  }

  @Test
  void T25_noRoomToSortAnywhereIsSaid() throws Exception {
    try (SmallVolume temporary = SmallVolume.of(16, 100);
        SmallVolume volume = SmallVolume.of(256, 100)) {
      Path data = volume.path().resolve("data");
      pattern(data.resolve("app.db"));
      Files.createSymbolicLink(directory.resolve("data"), data);
      List<String> before = FaultSource.hashes(target());

      assertThat(run(temporary.path())).as(out()).isEqualTo(ExitCode.REFUSED);

      assertThat(out()).contains("no-room-for-new-file", temporary.path().toString());
      assertThat(FaultSource.hashes(target())).isEqualTo(before);
      assertThat(names()).containsExactly("app.db");
    }
  }
}
