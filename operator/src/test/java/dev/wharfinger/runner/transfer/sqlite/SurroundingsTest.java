package dev.wharfinger.runner.transfer.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurroundingsTest {
  @TempDir private Path directory;

  @Test
  void CLO_28_filesThatAUrlMadeAreNamed() throws Exception {
    for (String name :
        new String[] {
          "app.db",
          "app.db-wal",
          "app.db-shm",
          ".app.db.partial-wal",
          "notes.txt",
          "app.db?mode=rwc",
          "app.db?mode=rwc-wal",
          "app.db?_journal_mode=WAL",
          "file:app.db",
          ":memory:",
          "gone.db-wal",
          "gone.db-shm",
          "torn.db-journal"
        }) {
      Files.createFile(directory.resolve(name));
    }
    Files.createDirectory(directory.resolve("sqlite:"));

    assertThat(Surroundings.strays(directory))
        .containsOnlyKeys(
            ":memory:",
            "app.db?_journal_mode=WAL",
            "app.db?mode=rwc",
            "file:app.db",
            "gone.db-wal",
            "sqlite:",
            "torn.db-journal")
        .hasEntrySatisfying("app.db?mode=rwc", why -> assertThat(why).contains("?mode=rwc"))
        .hasEntrySatisfying("sqlite:", why -> assertThat(why).contains("sqlite: URL"))
        .hasEntrySatisfying("gone.db-wal", why -> assertThat(why).contains("without its database"));
  }

  @Test
  void CLB_05_copiesThatTheApplicationMakesAreNoStrays() throws Exception {
    for (String name :
        new String[] {
          "store.db",
          "store.db.backup.20260303-120000",
          "store.pre-migrate-20260303T120000Z.db",
          "store.db.recover-1",
          "store.db.corrupt-1",
          "store.db.migrate-lock"
        }) {
      Files.createFile(directory.resolve(name));
    }

    assertThat(Surroundings.strays(directory)).isEmpty();
  }

  @Test
  void OXY_40_whoMissesAFileIsToldWhatThereIs() throws Exception {
    assertThat(Surroundings.seen(directory.resolve("gone")))
        .isEqualTo("its directory is not there either");
    assertThat(Surroundings.seen(directory)).isEqualTo("its directory is empty");
    for (int i = 10; i < 22; i++) {
      Files.createFile(directory.resolve("old-" + i + ".db"));
    }
    assertThat(Surroundings.seen(directory))
        .startsWith("its directory has old-10.db, old-11.db, ")
        .endsWith(", old-19.db and 2 more");
  }

  @Test
  void aNameIsShownWithoutWhatATerminalWouldObey() throws Exception {
    Files.createFile(directory.resolve("a?\u001b[31m" + "x".repeat(150)));

    assertThat(Surroundings.strays(directory).firstKey())
        .startsWith("a??[31mx")
        .hasSizeLessThan(110);
  }

  @ParameterizedTest
  @CsvSource({
    "nfs, true",
    "nfs4, true",
    "cifs, true",
    "smb3, true",
    "9p, true",
    "fuse, true",
    "fuse.sshfs, true",
    "fuseblk, false",
    "ext4, false",
    "xfs, false",
    "btrfs, false",
    "overlay, false",
    "tmpfs, false",
  })
  void CLB_06_theKindOfFileSystemTellsWhetherItIsANetworks(String type, boolean network) {
    assertThat(Surroundings.network(type)).isEqualTo(network);
  }

  @Test
  void CLB_06_aLocalDirectoryIsNone() throws Exception {
    assertThat(Surroundings.onNetwork(directory)).isFalse();
  }
}
