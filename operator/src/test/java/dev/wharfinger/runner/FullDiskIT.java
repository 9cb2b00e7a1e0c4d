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

/**
 * No room on the application's volume: nothing happens, it is said where, and with room it goes on.
 */
class FullDiskIT {
  private static final int ROWS = 160;
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

  private FaultRig rig() throws Exception {
    return new FaultRig(
        server,
        directory,
        BigSource.make(directory.resolve("app.db"), ROWS),
        FaultRig.database(server, BigSource.TARGET));
  }

  @Test
  void T25_noRoomForTheSnapshot() throws Exception {
    try (SmallVolume volume = SmallVolume.of(32, 100)) {
      String snapshots = volume.path().resolve("snapshots").toString();
      FaultRig rig = rig();
      Path filler = volume.fillUpTo(8 << 20);

      assertThat(BigSource.run(rig, "--snapshot-dir", snapshots)).isEqualTo(ExitCode.REFUSED);
      assertThat(rig.out()).contains("no-room-for-snapshot", snapshots, "bytes");
      rig.assertNothingHappened();

      Files.delete(filler);
      BigSource.assertMovesNow(rig, ROWS, "--snapshot-dir", snapshots);
    }
  }

  @Test
  void T25_noRoomForOneMoreFileBesideTheSnapshots() throws Exception {
    try (SmallVolume volume = SmallVolume.of(32, 64)) {
      String snapshots = Files.createDirectory(volume.path().resolve("snapshots")).toString();
      FaultRig rig = rig();
      List<Path> fillers = fillWithFiles(volume.path());

      // At first there is none for the lock, and then none for the snapshot.
      for (int file = 0; file < 2; file++) {
        assertThat(BigSource.run(rig, "--snapshot-dir", snapshots)).isEqualTo(ExitCode.FAILED);
        assertThat(rig.out()).contains(snapshots, "No space left on device");
        rig.assertNothingHappened();
        Files.delete(fillers.removeLast());
      }

      for (Path filler : fillers) {
        Files.delete(filler);
      }
      BigSource.assertMovesNow(rig, ROWS, "--snapshot-dir", snapshots);
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
      String snapshots = volume.path().resolve("snapshots").toString();
      FaultRig rig = rig();

      assertThat(BigSource.run(rig, "--snapshot-dir", snapshots)).isEqualTo(ExitCode.FAILED);
      rig.assertNothingHappened();

      BigSource.assertMovesNow(rig, ROWS, "--snapshot-dir", directory.resolve("roomy").toString());
    }
  }

  @Test
  void T25_noRoomForTheSourcesOwnSharedMemory() throws Exception {
    try (SmallVolume volume = SmallVolume.of(32, 100)) {
      Path source = BigSource.make(volume.path().resolve("app.db"), 16);
      FaultRig rig =
          new FaultRig(server, directory, source, FaultRig.database(server, BigSource.TARGET));
      Path filler = volume.fillUpTo(0);

      assertThat(BigSource.run(rig)).isEqualTo(ExitCode.FAILED);
      rig.assertNothingHappened();

      Files.delete(filler);
      BigSource.assertMovesNow(rig, 16);
    }
  }

  @Test
  void T25_noRoomForANewDatabase() throws Exception {
    try (SmallVolume volume = SmallVolume.of(32, 100)) {
      Path filler = volume.fillUpTo(0);
      List<String> args =
          List.of("init-sqlite", "--directory", volume.path().toString(), "--database", "app.db");

      assertThat(RunnerMain.run(args)).isEqualTo(ExitCode.FAILED);
      assertThat(volume.path().resolve("app.db")).doesNotExist();

      Files.delete(filler);
      assertThat(RunnerMain.run(args)).isZero();
      assertThat(volume.path().resolve("app.db")).isNotEmptyFile();
    }
  }
}
