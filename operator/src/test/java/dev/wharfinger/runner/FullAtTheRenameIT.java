package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.backward.Content;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The new file is complete, and the volume fills up before it is in its place: it is put there
 * where that takes no room, or else the old one stays as it was.
 */
class FullAtTheRenameIT {
  private static final int ROWS = 40;
  private static PostgresServer server;
  private static String database;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    List<String> statements = new ArrayList<>(BigSource.TARGET);
    statements.add(
        "INSERT INTO big SELECT decode(string_agg(md5(random()::text), ''), 'hex')"
            + " FROM generate_series(1, 4096), generate_series(1, "
            + ROWS
            + ") i GROUP BY i");
    database = FaultRig.database(server, statements);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** The file as an application leaves it that has closed it. */
  private static void closed(Path file) throws Exception {
    FaultSource.make(file, List.of("CREATE TABLE big (body blob)"), List.of());
    Content.of(file);
  }

  /** The file with a log that makes it longer. */
  private static void withALog(Path file) throws Exception {
    FaultSource.make(
        file,
        List.of("CREATE TABLE big (body blob)"),
        List.of(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 64)"
                + " INSERT INTO big SELECT randomblob(65536) FROM n"));
  }

  private Path data(SmallVolume volume) throws Exception {
    Path data = Files.createDirectory(volume.path().resolve("data"));
    Files.createSymbolicLink(directory.resolve("data"), data);
    return data;
  }

  private int crowded(BackwardRig rig, SmallVolume volume, String phase, String... names)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrowdedMove.class.getName(),
                server.url(database),
                rig.target.toString(),
                rig.operation.toString(),
                phase,
                volume.path().toString()));
    command.addAll(List.of(names));
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
            .start()
            .waitFor();
    assertThat(rig.out()).contains("1: No space left on device");
    return code;
  }

  private static void assertMovesNow(BackwardRig rig) throws Exception {
    assertThat(rig.run(rig.transfer())).as(rig.out()).isZero();
    assertThat(rig.content().get("big")).hasSize(ROWS);
    rig.assertNew(rig.content());
  }

  @ParameterizedTest
  @ValueSource(strings = {"keeping", "clearing", "replacing"})
  void T25_whatTakesNoRoomIsDoneOnAFullVolume(String phase) throws Exception {
    try (SmallVolume volume = SmallVolume.of(48, 100)) {
      closed(data(volume).resolve("app.db"));
      BackwardRig rig = new BackwardRig(server, database, directory);

      assertThat(crowded(rig, volume, phase)).as(rig.out()).isZero();

      CrowdedMove.leave(volume.path(), rig.target);
      assertThat(rig.content().get("big")).hasSize(ROWS);
      rig.assertNew(rig.content());
      rig.again("already-moved", rig.content());
    }
  }

  @Test
  void T25_noRoomToWriteTheLogIntoTheOldFile() throws Exception {
    try (SmallVolume volume = SmallVolume.of(48, 100)) {
      withALog(data(volume).resolve("app.db"));
      BackwardRig rig = new BackwardRig(server, database, directory);

      assertThat(crowded(rig, volume, "keeping")).as(rig.out()).isEqualTo(ExitCode.FAILED);

      assertThat(rig.out()).contains("no room to write the log of", "app.db");
      assertStandsAndMovesLater(rig, volume);
    }
  }

  @Test
  void T25_noRoomForTheOldFilesSecondName() throws Exception {
    try (SmallVolume volume = SmallVolume.of(48, 100)) {
      closed(data(volume).resolve("app.db"));
      BackwardRig rig = new BackwardRig(server, database, directory);

      assertThat(crowded(rig, volume, "keeping", "names")).as(rig.out()).isEqualTo(ExitCode.FAILED);

      assertThat(rig.out()).contains("No space left on device");
      assertStandsAndMovesLater(rig, volume);
    }
  }

  @Test
  void T25_noRoomForTheNameOfTheFirstFile() throws Exception {
    try (SmallVolume volume = SmallVolume.of(48, 100)) {
      data(volume);
      BackwardRig rig = new BackwardRig(server, database, directory);

      assertThat(crowded(rig, volume, "replacing", "names"))
          .as(rig.out())
          .isEqualTo(ExitCode.FAILED);

      assertThat(rig.out()).contains("No space left on device");
      assertThat(rig.target).doesNotExist();
      assertStandsAndMovesLater(rig, volume);
    }
  }

  private static void assertStandsAndMovesLater(BackwardRig rig, SmallVolume volume)
      throws Exception {
    CrowdedMove.leave(volume.path(), rig.target);
    rig.assertOld();
    assertThat(rig.files()).allMatch(name -> name.matches("app\\.db(-wal|-shm)?"));
    assertMovesNow(rig);
  }
}
