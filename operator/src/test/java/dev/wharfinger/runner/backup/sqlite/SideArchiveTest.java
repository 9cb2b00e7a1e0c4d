package dev.wharfinger.runner.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of side files between the two times they are looked at. */
class SideArchiveTest {
  @TempDir private Path directory;

  @Test
  void everyChangeBetweenIsNoticed() throws Exception {
    Files.createDirectory(directory.resolve("conf"));
    for (String name : List.of("same", "changed", "deleted")) {
      Files.writeString(directory.resolve("conf").resolve(name), name);
    }
    SideFiles side = new SideFiles(directory, List.of("conf"), List.of());
    TreeMap<String, String> before = side.fingerprints();
    Files.writeString(directory.resolve("conf/changed"), "CHANGED");
    Files.delete(directory.resolve("conf/deleted"));
    Files.writeString(directory.resolve("conf/added"), "added");
    ByteArrayOutputStream catalogue = new ByteArrayOutputStream();

    SideArchive archive = new SideArchive(side, before);
    archive.write(new ByteArrayOutputStream(), catalogue);

    assertThat(archive.changed()).containsExactly("conf/added", "conf/changed", "conf/deleted");
    assertThat(catalogue.toString(StandardCharsets.UTF_8))
        .contains("conf/same", "conf/changed", "conf/added")
        .doesNotContain("conf/deleted");
  }

  @Test
  void withoutAChangeNothingIsSaid() throws Exception {
    Files.writeString(directory.resolve("key"), "key");
    SideFiles side = new SideFiles(directory, List.of("."), List.of());

    SideArchive archive = new SideArchive(side, side.fingerprints());
    archive.write(new ByteArrayOutputStream(), new ByteArrayOutputStream());

    assertThat(archive.changed()).isEmpty();
    assertThat(archive.files()).isEqualTo(1);
  }
}
