package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.SmallVolume;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No room on PostgreSQL's volume: nothing is there of the move, and with room it goes on. */
class FullServerIT {
  private static final int ROWS = 240;
  @TempDir private Path directory;

  private FaultRig rig(PostgresServer server) throws Exception {
    return new FaultRig(
        server,
        directory,
        BigSource.make(directory.resolve("app.db"), ROWS),
        FaultRig.database(server, BigSource.TARGET));
  }

  @Test
  void T25_noRoomForPostgresqlsData() throws Exception {
    try (SmallVolume volume = SmallVolume.of(96, 4000);
        SmallVolume wal = SmallVolume.of(96, 100);
        PostgresServer server =
            PostgresServer.start(
                volume.directoryForPostgres(), "--waldir=" + wal.directoryForPostgres())) {
      FaultRig rig = rig(server);
      Path filler = volume.fillUpTo(8 << 20);

      assertThat(BigSource.run(rig)).as(rig.out()).isEqualTo(ExitCode.FAILED);
      assertThat(rig.out()).contains("No space left on device");
      rig.assertNothingHappened();

      Files.delete(filler);
      BigSource.assertMovesNow(rig, ROWS);
    }
  }

  @Test
  void T25_noRoomForPostgresqlsLog() throws Exception {
    try (SmallVolume volume = SmallVolume.of(64, 200);
        PostgresServer server =
            PostgresServer.start(
                Files.createTempDirectory("wharfinger-postgres"),
                "--wal-segsize=1",
                "--waldir=" + volume.directoryForPostgres())) {
      FaultRig rig = rig(server);
      Path filler = volume.fillUpTo(4 << 20);

      assertThat(BigSource.run(rig)).as(rig.out()).isEqualTo(ExitCode.FAILED);
      // PostgreSQL does not live on without its log.
      server.kill();
      Files.delete(filler);
      server.run();
      rig.assertNothingHappened();

      BigSource.assertMovesNow(rig, ROWS);
    }
  }
}
