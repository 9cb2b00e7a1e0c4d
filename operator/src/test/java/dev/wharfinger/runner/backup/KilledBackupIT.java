package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands die at known places: there is a whole set or none, and the source is untouched. */
class KilledBackupIT {
  @TempDir private Path root;

  private BackupRig rig() throws Exception {
    BackupRig rig = new BackupRig(root).declare("--database", "app.db");
    CommandLine.killedSource(rig.data.resolve("app.db"));
    Files.writeString(rig.data.resolve("key"), "key");
    return rig.declare("--extra-path", "key");
  }

  private void kill(String failpoint, List<String> args) throws Exception {
    assertThat(CommandLine.process(root, failpoint, args))
        .as(Files.readString(root.resolve("out")))
        .isEqualTo(137);
  }

  private void killBackup(BackupRig rig, String failpoint) throws Exception {
    List<String> before = CommandLine.hashes(rig.data.resolve("app.db"));
    kill(failpoint, rig.backupArgs("one"));
    assertThat(CommandLine.hashes(rig.data.resolve("app.db"))).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pinned",
        "during-copy",
        "copied",
        "object-written",
        "object-stored-1",
        "object-stored-3",
        "before-manifest"
      })
  void T27_aKilledBackupIsNoSetAndTheNextOneIs(String failpoint) throws Exception {
    BackupRig rig = rig();
    killBackup(rig, failpoint);

    assertThat(rig.states().values()).isSubsetOf("Unfinished", "manifest-missing");
    assertThat(rig.restore("one", root.resolve("new")).code()).isEqualTo(2);

    rig.completed("two");
    assertThat(BackupRig.query(rig.restored("two").resolve("app.db"), "SELECT count(*) FROM child"))
        .isEqualTo("2000");
    assertThat(BackupRig.names(root.resolve("scratch"))).containsExactly("lock");
  }

  @Test
  void T27_aBackupKilledAfterItsManifestIsASet() throws Exception {
    BackupRig rig = rig();
    killBackup(rig, "after-manifest");

    assertThat(rig.states()).containsEntry("one", "Completed");
    assertThat(rig.backup("one").report().path("outcome").asText()).isEqualTo("already-completed");
    rig.restored("one");
    assertThat(rig.set("one").resolve("unfinished.json")).exists();
    rig.completed("two");
    assertThat(rig.set("one").resolve("unfinished.json")).doesNotExist();
  }

  @Test
  void T27_whatAKilledTryLeftIsReplacedByTheNextOfItsNameWhereThatIsSaid() throws Exception {
    BackupRig rig = rig();
    killBackup(rig, "object-stored-3");
    assertThat(rig.backup("one").reason()).isEqualTo("id-in-use");

    BackupRig.Run run = rig.completed("one", "--replace-unfinished");

    assertThat(run.warning("swept")).endsWith(": one");
    rig.restored("one");
    assertThat(rig.backup("one", "--replace-unfinished").report().path("outcome").asText())
        .isEqualTo("already-completed");
  }

  @Test
  void T27_whatMayHaveBeenWholeIsNotReplaced() throws Exception {
    BackupRig rig = rig();
    killBackup(rig, "before-manifest");
    List<String> left = BackupRig.names(rig.set("one"));

    assertThat(rig.backup("one", "--replace-unfinished").reason()).isEqualTo("id-in-use");

    assertThat(BackupRig.names(rig.set("one"))).isEqualTo(left);
  }

  @Test
  void T27_whoeverAskedForASetTakesOverWhatLacksItsManifestAndNobodyElseDoes() throws Exception {
    BackupRig rig = rig().declare("--owner", "uid-1");
    killBackup(rig, "before-manifest");
    List<String> left = BackupRig.names(rig.set("one"));
    assertThat(left).contains("SHA256SUMS").doesNotContain("manifest.json");

    assertThat(rig.backup("one", "--replace-unfinished", "--owner", "uid-2").reason())
        .isEqualTo("id-in-use");
    assertThat(rig.backup("one").reason()).isEqualTo("id-in-use");
    rig.completed("two", "--replace-unfinished");
    assertThat(BackupRig.names(rig.set("one"))).isEqualTo(left);

    assertThat(rig.completed("one", "--replace-unfinished").warning("swept")).endsWith(": one");
    rig.restored("one");
  }

  @Test
  void T27_whatLostItsManifestIsNotTakenOver() throws Exception {
    BackupRig rig = rig().declare("--owner", "uid-1");
    rig.completed("one");
    Files.delete(rig.set("one").resolve("manifest.json"));
    List<String> left = BackupRig.names(rig.set("one"));

    assertThat(rig.backup("one", "--replace-unfinished").reason()).isEqualTo("id-in-use");

    assertThat(BackupRig.names(rig.set("one"))).isEqualTo(left);
  }

  @Test
  void T27_whatAnotherOwnerIsWritingIsNotReplaced() throws Exception {
    BackupRig rig = rig().declare("--owner", "uid-1");
    killBackup(rig, "object-stored-3");
    List<String> left = BackupRig.names(rig.set("one"));

    assertThat(rig.backup("one", "--replace-unfinished", "--owner", "uid-2").reason())
        .isEqualTo("id-in-use");

    assertThat(BackupRig.names(rig.set("one"))).isEqualTo(left);
    rig.completed("one", "--replace-unfinished");
  }

  private static void old(BackupRig rig, String id) throws Exception {
    Files.writeString(
        rig.set(id).resolve("unfinished.json"),
        "{\"instance\":\"team-a.notes\",\"startedAt\":\"%s\"}"
            .formatted(Instant.now().minus(Duration.ofDays(8))));
  }

  @Test
  void T27_whatAKilledBackupLeftIsRemovedAfterAWeekAndNothingElseEver() throws Exception {
    BackupRig rig = rig();
    killBackup(rig, "object-stored-3");
    rig.completed("two");
    assertThat(rig.set("one")).exists();
    rig.completed("lost-manifest");
    old(rig, "lost-manifest");
    Files.delete(rig.set("lost-manifest").resolve("manifest.json"));
    List<String> lost = BackupRig.names(rig.set("lost-manifest"));
    rig.completed("lost-object");
    Files.delete(rig.set("lost-object").resolve("files.tar.gz"));
    old(rig, "one");

    BackupRig.Run run = rig.completed("three");

    assertThat(run.warning("swept")).endsWith(": one");
    assertThat(rig.set("one")).doesNotExist();
    assertThat(BackupRig.names(rig.set("lost-manifest"))).isEqualTo(lost);
    assertThat(rig.states())
        .containsEntry("lost-manifest", "manifest-missing")
        .containsEntry("lost-object", "Completed")
        .containsEntry("two", "Completed")
        .containsEntry("three", "Completed");
    assertThat(rig.verify("lost-object").report().path("message").asText())
        .contains("files.tar.gz is missing");
    rig.restored("two");
  }

  @Test
  void T27_aRestoreKilledBeforeItsFirstNameIsDoneAgain() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    Path directory = root.resolve("restored-one");
    List<String> args =
        List.of(
            "restore", "--from", rig.url(), "--set", "one", "--directory", directory.toString());

    kill("before-place", args);
    assertThat(BackupRig.names(directory))
        .allMatch(name -> name.startsWith(".wharfinger-restore-"));

    rig.restored("one");
    assertThat(BackupRig.names(directory)).containsExactly("app.db", "key");
  }

  @Test
  void T27_aRestoreKilledBetweenTwoNamesIsNotTakenForADoneOne() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    Path directory = root.resolve("restored-one");
    List<String> args =
        List.of(
            "restore", "--from", rig.url(), "--set", "one", "--directory", directory.toString());

    kill("during-place", args);

    assertThat(rig.restore("one", directory).reason()).isEqualTo("directory-not-empty");
    assertThat(rig.verify("one").code()).isZero();
  }
}
