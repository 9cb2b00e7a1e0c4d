package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import dev.wharfinger.testing.PostgresServer;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the source on the application's own volume: room for it, and nothing left of it. */
class SnapshotIT {
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

  private TransferFixture fixture() throws Exception {
    return new TransferFixture(server, directory)
        .source("CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)")
        .target("CREATE TABLE t (id integer PRIMARY KEY)")
        .snapshots(snapshots());
  }

  private Path snapshots() {
    return directory.resolve("snapshots");
  }

  private List<String> files() throws Exception {
    try (var files = Files.list(snapshots())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void snapshotIsReadAndRemoved() throws Exception {
    TransferFixture f = fixture();

    assertThat(f.run().outcome()).isEqualTo("moved");

    assertThat(f.rows("SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(files()).containsExactly("lock");
  }

  @Test
  void whatKilledProcessesLeftIsRemovedAndNothingElse() throws Exception {
    TransferFixture f = fixture();
    Files.createDirectories(snapshots());
    for (String ending : new String[] {".db", ".db.partial", ".db.partial-journal", ".db-wal"}) {
      Files.writeString(snapshots().resolve(UUID.randomUUID() + ending), "left");
    }
    Path theirs = Files.writeString(snapshots().resolve("app.db"), "not ours");
    Path link = Files.createSymbolicLink(snapshots().resolve(UUID.randomUUID() + ".db"), theirs);
    Files.createDirectory(snapshots().resolve(UUID.randomUUID() + ".db-shm"));

    f.dryRun();
    assertThat(files()).as("a dry run writes nothing").hasSize(7);
    assertThat(f.run().outcome()).isEqualTo("moved");

    assertThat(files()).hasSize(4).contains("app.db", "lock", link.getFileName().toString());
    assertThat(theirs).hasContent("not ours");
  }

  /** Uses the directory until its standard input ends. */
  static final class Other {
    public static void main(String[] args) throws Exception {
      try (SnapshotDirectory used = new SnapshotDirectory(Path.of(args[0]))) {
        used.enter();
        System.out.println("entered");
        System.in.read();
      }
    }
  }

  @Test
  void snapshotsOfARunnerAtWorkAreLeftAlone() throws Exception {
    TransferFixture f = fixture();
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                snapshots().toString())
            .start();
    String snapshot = UUID.randomUUID() + ".db";
    try (var said = other.inputReader()) {
      assertThat(said.readLine()).isEqualTo("entered");
      Files.writeString(snapshots().resolve(snapshot), "in use");

      assertThat(f.run().outcome()).isEqualTo("moved");
      assertThat(files()).containsExactly(snapshot, "lock");
    } finally {
      other.destroyForcibly().waitFor();
    }

    assertThat(f.unlocked().run().outcome()).isEqualTo("already-moved");
    assertThat(files()).containsExactly("lock");
  }

  @Test
  void missingRoomIsFoundBeforeAnythingIsCopied() throws Exception {
    TransferFixture f = fixture();
    long free = Files.getFileStore(directory).getUsableSpace();
    // A file with a hole: its pages are counted, and take no room.
    try (RandomAccessFile file = new RandomAccessFile(f.file.toFile(), "rw")) {
      file.setLength((free / 4096 + 1_000_000) * 4096);
      file.seek(28);
      file.writeInt((int) (free / 4096 + 1_000_000));
    }

    for (Report report : List.of(f.dryRun(), f.run())) {
      assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
      var finding = report.json().at("/findings/0");
      assertThat(finding.path("rule").asText()).isEqualTo("no-room-for-snapshot");
      assertThat(finding.path("detail").asText()).matches(".* needs \\d+ bytes, and \\d+ are free");
      assertThat(finding.path("advice").asText()).contains("--snapshot-dir");
    }
    assertThat(files()).containsExactly("lock");
  }
}
