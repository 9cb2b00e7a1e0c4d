package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore that is told again until it is done: it does its own work again, and nobody else's. */
class RestoreOnceIT {
  @TempDir private Path root;
  private BackupRig rig;
  private Path directory;

  @BeforeEach
  void set() throws Exception {
    rig = new BackupRig(root).database("app.db", 100).database("more/b.db", 50);
    Files.writeString(rig.data.resolve("key"), "key");
    Files.createDirectories(rig.data.resolve("locked/deep"));
    Files.writeString(rig.data.resolve("locked/deep/file"), "deep");
    Files.setPosixFilePermissions(
        rig.data.resolve("locked/deep"), PosixFilePermissions.fromString("r-xr-x---"));
    rig.declare("--extra-path", "key").declare("--extra-path", "locked");
    rig.completed("one");
    directory = Files.createDirectory(root.resolve("new"));
  }

  private BackupRig.Run once(String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of("--once", "new-claim"));
    all.addAll(List.of(more));
    return rig.restore("one", directory, all.toArray(String[]::new));
  }

  private void killed(String failpoint) throws Exception {
    assertThat(
            CommandLine.process(
                root,
                failpoint,
                List.of(
                    "restore",
                    "--from",
                    rig.url(),
                    "--set",
                    "one",
                    "--directory",
                    directory.toString(),
                    "--once",
                    "new-claim")))
        .isEqualTo(137);
  }

  private void whole() throws Exception {
    assertThat(BackupRig.names(directory))
        .containsExactly(".wharfinger-restored", "app.db", "key", "locked/deep/file", "more/b.db");
    assertThat(BackupRig.query(directory.resolve("app.db"), "SELECT count(*) FROM t"))
        .isEqualTo("100");
    assertThat(BackupRig.query(directory.resolve("more/b.db"), "SELECT count(*) FROM t"))
        .isEqualTo("50");
    assertThat(Files.getPosixFilePermissions(directory.resolve("locked/deep"))).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"before-place", "during-place", "after-place", "before-record", "after-record"})
  void T27_whereverItIsKilledTheNextOneEndsIt(String failpoint) throws Exception {
    killed(failpoint);
    if (!failpoint.equals("after-record")) {
      killed(failpoint);
    }

    BackupRig.Run run = once();

    assertThat(run.code()).as("%s", run).isZero();
    whole();
    assertThat(once().report().path("outcome").asText()).isEqualTo("already-restored");
  }

  @Test
  void T33_whatSomebodyElsePutThereIsLeftAloneWithAllBesideIt() throws Exception {
    killed("during-place");
    Files.writeString(directory.resolve("mine"), "mine");
    List<String> before = BackupRig.names(directory);

    assertThat(once().reason()).isEqualTo("directory-not-empty");
    assertThat(BackupRig.names(directory)).containsAll(before);

    Files.delete(directory.resolve("mine"));
    // One that has the name of ours, and is another.
    Files.deleteIfExists(directory.resolve("app.db"));
    Files.writeString(directory.resolve("app.db"), "other");
    assertThat(once().reason()).isEqualTo("directory-not-empty");
  }

  @Test
  void T33_whatWasWrittenSinceIsNotRestoredOver() throws Exception {
    assertThat(once().code()).isZero();
    Path file = directory.resolve("app.db");
    BackupRig.query(file, "INSERT INTO t VALUES (1000, 'x') RETURNING id");

    BackupRig.Run again = once();
    assertThat(again.code()).isZero();
    assertThat(again.report().path("set").path("totals").path("rows").asInt()).isEqualTo(150);
    assertThat(BackupRig.query(file, "SELECT count(*) FROM t")).isEqualTo("101");

    rig.completed("two");
    assertThat(rig.restore("two", directory, "--once", "new-claim").reason())
        .isEqualTo("directory-not-empty");
    assertThat(rig.restore("one", directory).reason()).isEqualTo("directory-not-empty");
    // The volume was kept, and another claim has it now.
    assertThat(rig.restore("one", directory, "--once", "next-claim").reason())
        .isEqualTo("directory-not-empty");
    Files.writeString(directory.resolve(".wharfinger-restored"), "spoiled");
    assertThat(once().reason()).isEqualTo("directory-not-empty");
    assertThat(BackupRig.query(file, "SELECT count(*) FROM t")).isEqualTo("101");
  }

  @Test
  void aSetWithoutTheDatabaseThatIsMeantIsRefusedBeforeAnything() throws Exception {
    BackupRig.Run run = once("--expect", "app.db", "--expect", "other.db");

    assertThat(run.reason()).isEqualTo("database-not-in-set");
    assertThat(run.report().path("message").asText())
        .isEqualTo("set one has no other.db; it has app.db, more/b.db");
    assertThat(BackupRig.names(directory)).isEmpty();
    assertThat(once("--expect", "app.db", "--expect", "more/b.db").code()).isZero();
    whole();
  }

  @Test
  void theRecordIsNotPartOfTheNextSet() throws Exception {
    assertThat(once().code()).isZero();
    Files.delete(rig.data.resolve("key"));
    assertThat(
            CommandLine.run(
                List.of(
                    "backup",
                    "--directory",
                    directory.toString(),
                    "--database",
                    "app.db",
                    "--database",
                    "more/b.db",
                    "--extra-path",
                    ".",
                    "--to",
                    rig.url(),
                    "--prefix",
                    "again",
                    "--instance",
                    "team-a.again",
                    "--id",
                    "next")))
        .isZero();
    Path third = Files.createDirectory(root.resolve("third"));
    assertThat(rig.restore("next", third, "--prefix", "again", "--once", "new-claim").code())
        .isZero();
    assertThat(BackupRig.names(third)).contains(".wharfinger-restored", "key");
  }
}
