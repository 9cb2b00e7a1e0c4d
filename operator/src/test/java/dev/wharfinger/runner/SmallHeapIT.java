package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.SmallVolume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More to remember of rows than there is memory: it goes into files that nobody ever sees. */
class SmallHeapIT {
  private static final int PARENTS = 1_100_000;
  private static final int DELETED = 600_000;
  private static final int NULLED = 300_000;
  private static final String SERIES =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";
  private static PostgresServer server;
  private static Path source;
  @TempDir private static Path sources;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    source =
        FaultSource.make(
            sources.resolve("app.db"),
            List.of(
                "CREATE TABLE parent (id integer PRIMARY KEY)",
                "CREATE TABLE deleted (id integer PRIMARY KEY, parent_id integer)",
                "CREATE TABLE nulled (id integer PRIMARY KEY, parent_id integer)",
                SERIES.formatted(PARENTS) + "INSERT INTO parent SELECT 2 * i FROM n",
                // One in a hundred has its parent.
                SERIES.formatted(DELETED)
                    + "INSERT INTO deleted SELECT i, 2 * i + (i % 100 > 0) FROM n",
                SERIES.formatted(NULLED)
                    + "INSERT INTO nulled SELECT i, 2 * i + (i % 100 > 0) FROM n"),
            List.of());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private FaultRig rig() throws Exception {
    return Chunks.rig(
        server,
        source,
        directory,
        List.of(
            "CREATE TABLE parent (id bigint PRIMARY KEY)",
            "CREATE TABLE deleted (id bigint PRIMARY KEY, parent_id bigint REFERENCES parent)",
            "CREATE TABLE nulled (id bigint PRIMARY KEY, parent_id bigint REFERENCES parent)"));
  }

  /** Runs it with little memory, and with a directory for temporary files. */
  private static int run(FaultRig rig, Path temporary, String... jvm) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(jvm));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), RunnerMain.class.getName()));
    command.addAll(
        rig.transfer("--policy", "orphans@deleted=delete", "--policy", "orphans@nulled=null"));
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(rig.directory.resolve("out").toFile());
    process.environment().put("SQLITE_TMPDIR", temporary.toString());
    return process.start().waitFor();
  }

  @Test
  void T27_manyOrphansNeedNoMoreMemoryThanFew() throws Exception {
    FaultRig rig = rig();
    Path temporary = Files.createDirectory(directory.resolve("temporary"));

    assertThat(run(rig, temporary, "-Dwharfinger.failpoint=after-table-1"))
        .as(rig.out())
        .isEqualTo(137);
    assertThat(temporary).isEmptyDirectory();
    rig.awaitNobody();
    rig.assertNothingHappened();

    assertThat(run(rig, temporary)).as(rig.out()).isZero();
    assertThat(
            rig.query(
                "SELECT concat_ws(' ', (SELECT count(*) FROM parent),"
                    + " (SELECT count(*) FROM deleted), (SELECT sum(id) FROM deleted),"
                    + " (SELECT count(*) FROM nulled), (SELECT count(parent_id) FROM nulled))"))
        .isEqualTo(
            "%d %d %d %d %d"
                .formatted(
                    PARENTS,
                    DELETED / 100,
                    100L * (DELETED / 100) * (DELETED / 100 + 1) / 2,
                    NULLED,
                    NULLED / 100));
    assertThat(temporary).isEmptyDirectory();
    rig.assertSourceUntouched();
  }

  @Test
  void T25_noRoomToRememberThemIn() throws Exception {
    FaultRig rig = rig();
    try (SmallVolume volume = SmallVolume.of(16, 100)) {
      assertThat(run(rig, volume.path())).as(rig.out()).isEqualTo(ExitCode.FAILED);

      assertThat(rig.out()).contains("no room", volume.path().toString(), "SQLITE_TMPDIR");
      rig.assertNothingHappened();
    }
  }
}
