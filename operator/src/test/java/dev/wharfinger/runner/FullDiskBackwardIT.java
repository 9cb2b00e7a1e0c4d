package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.SmallVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No room for the new file: the old one stays, it is said where, and with room it goes on. */
class FullDiskBackwardIT {
  private static final int ROWS = 160;
  private static PostgresServer server;
  private static String database;
  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    List<String> statements = new ArrayList<>(BigSource.TARGET);
    // Ten megabytes that cannot be compressed.
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

  /** Its files are on the volume, what the runner says is not. */
  private BackwardRig rig(SmallVolume volume) throws Exception {
    Files.createSymbolicLink(
        directory.resolve("data"), Files.createDirectory(volume.path().resolve("data")));
    BigSource.make(volume.path().resolve("data/app.db"), 8);
    return new BackwardRig(server, database, directory);
  }

  private static void assertMovesNow(BackwardRig rig) throws Exception {
    assertThat(rig.run(rig.transfer())).as(rig.out()).isZero();
    assertThat(rig.content().get("big")).hasSize(ROWS);
    rig.assertNew(rig.content());
  }

  @Test
  void T25_tooLittleRoomIsFoundBeforeAnythingStops() throws Exception {
    try (SmallVolume volume = SmallVolume.of(48, 100)) {
      BackwardRig rig = rig(volume);
      Path filler = volume.fillUpTo(8 << 20);

      for (String[] more : new String[][] {{"--dry-run"}, {}}) {
        assertThat(rig.run(rig.transfer(more))).as(rig.out()).isEqualTo(ExitCode.REFUSED);
        assertThat(rig.out()).contains("no-room-for-new-file", "bytes", "data");
        rig.assertUntouched();
        assertThat(rig.files()).noneMatch(name -> name.contains("wharfinger"));
        // Others on the volume get on.
        Files.write(volume.path().resolve("others"), new byte[1 << 20]);
        Files.delete(volume.path().resolve("others"));
      }

      Files.delete(filler);
      assertMovesNow(rig);
    }
  }

  @Test
  void T25_noRoomForOneMoreFile() throws Exception {
    try (SmallVolume volume = SmallVolume.of(48, 64)) {
      BackwardRig rig = rig(volume);
      List<Path> fillers = fillWithFiles(volume.path());

      // At first there is none for the lock, and then none for the new file.
      for (int file = 0; file < 2; file++) {
        assertThat(rig.run(rig.transfer())).isEqualTo(ExitCode.FAILED);
        assertThat(rig.out()).contains("app.db");
        assertThat(rig.out()).containsAnyOf("No space left on device", "df -i");
        rig.assertUntouched();
        Files.delete(fillers.removeLast());
      }

      for (Path filler : fillers) {
        Files.delete(filler);
      }
      assertMovesNow(rig);
    }
  }

  private static List<Path> fillWithFiles(Path directory) {
    List<Path> files = new ArrayList<>();
    try {
      while (true) {
        files.add(Files.createFile(directory.resolve("file-" + files.size())));
      }
    } catch (IOException e) {
      return files;
    }
  }

  @Test
  void T25_theRoomThatWasPromisedIsNotThere() throws Exception {
    try (SmallVolume volume = SmallVolume.overbooked(64, 6)) {
      BackwardRig rig = rig(volume);

      assertThat(rig.run(rig.transfer())).as(rig.out()).isEqualTo(ExitCode.FAILED);

      assertThat(rig.outcome()).isEqualTo("failed");
      rig.assertUntouched();
    }
  }
}
