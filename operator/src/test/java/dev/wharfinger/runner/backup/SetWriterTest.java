package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.backup.seal.Recipients;
import dev.wharfinger.runner.backup.store.FolderStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tries of one set, of which the first was believed dead. */
class SetWriterTest {
  private static final String INSTANCE = "team-a.notes";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  @TempDir private Path folder;

  private SetWriter begin() throws Exception {
    Target target = new Target(new FolderStore(folder, ""), "one", "uid-1");
    Lineage lineage = target.claim(INSTANCE, "sqlite", "", new Warnings());
    return SetWriter.begin(target, lineage, "one", Recipients.of(List.of()));
  }

  @Test
  void T27_whoWakesAfterAnotherTryHasTakenOverWritesNoManifestAndRemovesNothing() throws Exception {
    try (SetWriter asleep = begin()) {
      asleep.text("a", "the same");
      try (SetWriter next = begin()) {
        next.text("a", "the same");
        List<String> there = BackupRig.names(folder);

        assertThatThrownBy(() -> asleep.complete(MAPPER.createObjectNode().put("id", "one")))
            .isInstanceOf(BackupException.class)
            .hasMessageContaining("another try");
        asleep.close();

        assertThat(BackupRig.names(folder)).isEqualTo(there);
        next.complete(MAPPER.createObjectNode().put("id", "one").put("schemaVersion", 1));
      }
    }
    assertThat(StoredSet.open(new FolderStore(folder, ""), "one").damages()).isEmpty();
  }

  @Test
  void T27_whatAFailedTryWroteIsRemovedByItself() throws Exception {
    try (SetWriter writer = begin()) {
      writer.text("a", "half");
    }
    assertThat(BackupRig.names(folder)).containsExactly("lineage.json");
  }
}
