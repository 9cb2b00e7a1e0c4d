package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.wharfinger.runner.backup.store.FolderStore;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old sets that cannot be read keep no new one from being made. */
class SetListTest {
  @TempDir private Path root;

  private Path set(String id) throws Exception {
    return Files.createDirectories(root.resolve("sets").resolve(id));
  }

  @Test
  void aManifestThatCannotBeReadIsTheStateOfThatSetOnly() throws Exception {
    Files.write(set("zeros").resolve(SetNames.MANIFEST), new byte[] {0, 0, 0, 1, 2});
    Files.writeString(set("zeros").resolve(SetNames.SUMS), "");
    // Reading it is an error of the system, as it is with a bad sector.
    Files.createSymbolicLink(
        set("broken").resolve(SetNames.MANIFEST), Files.createDirectory(root.resolve("folder")));
    Files.writeString(set("broken").resolve(SetNames.SUMS), "");
    try (ObjectStore store = new FolderStore(root, "")) {
      assertThat(SetList.of(store))
          .extracting(SetList.Entry::id, SetList.Entry::state)
          .containsExactlyInAnyOrder(
              tuple("zeros", "manifest-damaged"), tuple("broken", "manifest-unreadable"));
      assertThat(Suspicion.of(store, 0, 0, new Warnings())).isEmpty();
    }
  }

  @Test
  void aPlaceThatCannotBeListedIsAWarning() throws Exception {
    Warnings warnings = new Warnings();
    try (ObjectStore store = new FolderStore(root.resolve("gone"), "")) {
      assertThatThrownBy(() -> SetList.of(store)).isInstanceOf(IOException.class);

      assertThat(Suspicion.of(store, 0, 0, warnings)).isEmpty();
    }
    assertThat(warnings.all()).extracting(Warnings.Warning::code).containsExactly("not-compared");
  }
}
