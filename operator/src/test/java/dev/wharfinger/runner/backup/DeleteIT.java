package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A set goes whole or not at all, and never what one would restore. */
class DeleteIT {
  @TempDir private Path root;

  private BackupRig rig() throws Exception {
    BackupRig rig = new BackupRig(root).database("app.db", 50);
    Files.writeString(rig.data.resolve("key"), "key");
    return rig.declare("--extra-path", "key");
  }

  @Test
  void T27_anOldSetGoesAndNothingElseIsTouched() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    rig.completed("two");
    rig.completed("three");
    List<String> two = BackupRig.names(rig.set("two"));

    BackupRig.Run run = rig.delete("one");

    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.report().path("outcome").asText()).isEqualTo("deleted");
    assertThat(run.report().path("message").asText()).contains("three was read back whole");
    assertThat(rig.set("one")).doesNotExist();
    assertThat(BackupRig.names(rig.set("two"))).isEqualTo(two);
    assertThat(rig.states()).containsOnlyKeys("two", "three");
    assertThat(rig.target.resolve("lineage.json")).exists();
    assertThat(rig.delete("one").reason()).isEqualTo("set-missing");
    rig.restored("two");
  }

  @Test
  void T27_theNewestThatCanBeRestoredStays() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    assertStays(rig, "one", "newest-set");
    rig.completed("two");
    assertStays(rig, "two", "newest-set");

    // A manifest alone is no set: the newer one has lost what is in it.
    Files.delete(rig.set("two").resolve("files.tar.gz"));
    assertThat(rig.states()).containsEntry("two", "Completed");
    assertStays(rig, "one", "newest-set");

    // Nor is one that is being deleted.
    rig.completed("three");
    Files.writeString(rig.set("three").resolve("deleting.json"), "{}");
    assertThat(rig.states()).containsEntry("three", "Deleting");
    assertStays(rig, "one", "newest-set");

    rig.completed("four");
    assertThat(rig.delete("one").code()).isZero();
    assertThat(rig.states()).doesNotContainKey("one");
  }

  @Test
  void T27_whatIsNotSurelyOursStays() throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    rig.completed("two");
    List<String> args =
        List.of("delete", "--from", rig.url(), "--set", "one", "--instance", "team-b.notes");
    List<String> before = BackupRig.names(rig.target);
    assertThat(rig.run(args).reason()).isEqualTo("lineage-conflict");
    assertThat(BackupRig.names(rig.target)).isEqualTo(before);

    // What has lost its manifest, and was never to be deleted, is for a person to look at.
    Files.delete(rig.set("one").resolve("manifest.json"));
    assertStays(rig, "one", "manifest-missing");
    Files.writeString(
        rig.set("one").resolve("deleting.json"), "{\"instance\":\"team-b.notes\",\"id\":\"one\"}");
    assertStays(rig, "one", "manifest-missing");

    Files.delete(rig.target.resolve("lineage.json"));
    assertStays(rig, "one", "lineage-lost");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deletion-marked",
        "manifest-deleted",
        "object-deleted-1",
        "object-deleted-2",
        "object-deleted-3",
        "object-deleted-4",
        "object-deleted-5"
      })
  void T27_aKilledDeletionLeavesAWholeSetOrNoneAndIsGoneOnWith(String failpoint) throws Exception {
    BackupRig rig = rig();
    rig.completed("one");
    rig.completed("two");
    assertThat(BackupRig.names(rig.set("one"))).hasSize(6);

    assertThat(CommandLine.process(root, failpoint, rig.deleteArgs("one")))
        .as(Files.readString(root.resolve("out")))
        .isEqualTo(137);

    assertThat(rig.states())
        .isEqualTo(new TreeMap<>(Map.of("one", "Deleting", "two", "Completed")));
    boolean whole = failpoint.equals("deletion-marked");
    assertThat(rig.verify("one").code()).isEqualTo(whole ? 0 : 2);
    BackupRig.Run restore = rig.restore("one", root.resolve("of-one"));
    assertThat(restore.code()).as("%s", restore).isEqualTo(whole ? 0 : 2);
    assertThat(rig.backup("one").report().path("outcome").asText())
        .isEqualTo(whole ? "already-completed" : "refused");
    // The one that is left is not deleted for the sake of what is half gone.
    assertThat(rig.delete("two").reason()).isEqualTo("newest-set");

    assertThat(rig.delete("one").code()).isZero();

    assertThat(rig.set("one")).doesNotExist();
    assertThat(rig.states()).containsOnlyKeys("two");
    rig.restored("two");
    rig.completed("one");
  }

  private static void assertStays(BackupRig rig, String id, String reason) throws Exception {
    List<String> before = BackupRig.names(rig.target);
    BackupRig.Run run = rig.delete(id);
    assertThat(run.reason()).as("%s", run).isEqualTo(reason);
    assertThat(run.code()).isEqualTo(2);
    assertThat(BackupRig.names(rig.target)).isEqualTo(before);
  }
}
