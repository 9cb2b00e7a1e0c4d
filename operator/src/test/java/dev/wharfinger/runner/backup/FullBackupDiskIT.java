package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.SmallVolume;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No room: nothing is made by half, nothing is left, and with room it goes on. */
class FullBackupDiskIT {
  @TempDir private Path root;

  @Test
  void T25_noRoomInTheTarget() throws Exception {
    try (SmallVolume volume = SmallVolume.of(32, 100)) {
      BackupRig rig = new BackupRig(root, volume.path()).database("app.db", 20_000);
      Path filler = volume.fillUpTo(256 << 10);

      BackupRig.Run run = rig.backup("one");

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.report().path("message").asText()).contains("No space left on device");
      assertThat(BackupRig.names(volume.path())).containsExactly("filler", "lineage.json");
      Files.delete(filler);
      rig.completed("one");
      rig.restored("one");
    }
  }

  @Test
  void T25_noRoomForTheCopies() throws Exception {
    try (SmallVolume volume = SmallVolume.of(32, 100)) {
      BackupRig rig = new BackupRig(root).database("app.db", 20_000);
      Path filler = volume.fillUpTo(1 << 20);
      String scratch = volume.path().resolve("scratch").toString();

      BackupRig.Run run = rig.backup("one", "--scratch", scratch);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.reason()).isEqualTo("no-room-for-copy");
      assertThat(BackupRig.names(rig.target)).containsExactly("lineage.json");
      Files.delete(filler);
      rig.completed("one", "--scratch", scratch);
    }
  }

  @Test
  void T25_noRoomToRestore() throws Exception {
    try (SmallVolume volume = SmallVolume.of(32, 100)) {
      BackupRig rig = new BackupRig(root).database("app.db", 20_000);
      rig.completed("one");
      Path filler = volume.fillUpTo(1 << 20);
      Path directory = volume.path().resolve("new");

      BackupRig.Run run = rig.restore("one", directory);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.reason()).isEqualTo("no-room");
      assertThat(BackupRig.names(directory)).isEmpty();
      Files.delete(filler);
      assertThat(rig.restore("one", directory).code()).isZero();
    }
  }
}
