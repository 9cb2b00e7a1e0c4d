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
  private static final String TENANT = UUID.randomUUID() + ".db";
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

  private long room() throws Exception {
    try (SnapshotDirectory looked = new SnapshotDirectory(snapshots())) {
      return looked.room();
    }
  }

  private static void grow(Path file, long bytes) throws Exception {
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.setLength(bytes);
    }
  }

  private static String snapshot() {
    return "wharfinger-snapshot-" + UUID.randomUUID();
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private List<String> files() throws Exception {
    try (var files = Files.list(snapshots())) {
      return files.map(SnapshotIT::name).sorted().toList();
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
      Files.writeString(snapshots().resolve(snapshot() + ending), "left");
    }
    Path theirs = Files.writeString(snapshots().resolve("app.db"), "not ours");
    Files.writeString(snapshots().resolve(TENANT), "not ours");
    Path link = Files.createSymbolicLink(snapshots().resolve(snapshot() + ".db"), theirs);
    Files.createDirectory(snapshots().resolve(snapshot() + ".db-shm"));

    f.dryRun();
    assertThat(files()).as("a dry run writes nothing").hasSize(8);
    assertThat(f.run().outcome()).isEqualTo("moved");

    assertThat(files()).hasSize(5).contains("app.db", TENANT, "lock", name(link));
    assertThat(theirs).hasContent("not ours");
  }

  @Test
  void directoryOfTheSourceIsNoPlaceForSnapshots() throws Exception {
    TransferFixture f = fixture();
    Files.createDirectories(snapshots());
    Path other = Files.writeString(snapshots().resolve(snapshot() + ".db"), "another's");
    Path source = Files.move(f.file, snapshots().resolve(snapshot() + ".db"));
    Path link = Files.createSymbolicLink(directory.resolve("link.db"), source);
    Path around = Files.createSymbolicLink(directory.resolve("around"), snapshots());

    for (Path from : List.of(source, link, around.resolve(source.getFileName()))) {
      f.file = from;
      for (Path to : List.of(snapshots(), around)) {
        f.snapshots(to);
        for (Report report : List.of(f.dryRun(), f.run())) {
          assertThat(report.outcome()).as(report.json().toPrettyString()).isEqualTo("refused");
          assertThat(report.json().at("/findings/0/rule").asText())
              .isEqualTo("snapshot-beside-source");
        }
      }
    }
    assertThat(files()).containsExactlyInAnyOrder(name(other), name(source));
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
    String snapshot = snapshot() + ".db";
    try (var said = other.inputReader()) {
      assertThat(said.readLine()).isEqualTo("entered");
      Files.writeString(snapshots().resolve(snapshot), "in use");
      // A hole: more bytes than any volume of a test has, and no room taken.
      grow(snapshots().resolve(snapshot), 1L << 40);
      assertThat(room()).isBetween(0L, Files.getFileStore(directory).getTotalSpace());

      assertThat(f.run().outcome()).isEqualTo("moved");
      assertThat(files()).containsExactly("lock", snapshot);
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(room()).as("left over now").isGreaterThan(1L << 40);

    assertThat(f.unlocked().run().outcome()).isEqualTo("already-moved");
    assertThat(files()).containsExactly("lock");
  }

  @Test
  void someRoomIsLeftForTheApplication() throws Exception {
    long free = Files.getFileStore(directory).getUsableSpace();

    assertThat(room()).isLessThan(free - (32 << 20));
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
