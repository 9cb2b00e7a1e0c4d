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
  void onlyWhatKubeletMakesIsLeftOutWithoutAWord() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("..2026_11_22_02_00_00.123456789"));
    Files.writeString(folder.resolve("key"), "key");
    Files.createSymbolicLink(directory.resolve("..data"), folder.getFileName());
    Files.createSymbolicLink(directory.resolve("key"), Path.of("..data", "key"));
    Files.writeString(directory.resolve("..notes"), "of the application");
    Files.writeString(
        Files.createDirectory(directory.resolve("..drafts")).resolve("one"), "of the application");
    // Without the link beside it, it is no mounted Secret.
    Files.createDirectories(directory.resolve("sub/..2026_11_22_02_00_00.1"));
    Files.writeString(directory.resolve("sub/..data"), "of the application");
    Files.writeString(
        Files.createDirectory(directory.resolve("lost+found")).resolve("#17"), "repaired");

    SideFiles side = new SideFiles(directory, List.of("."), List.of());

    assertThat(side.walk())
        .extracting(SideFiles.Entry::path)
        .containsExactly(
            "..drafts",
            "..drafts/one",
            "..notes",
            "key",
            "sub",
            "sub/..2026_11_22_02_00_00.1",
            "sub/..data");
    assertThat(side.passedOver()).containsExactly("lost+found/#17");
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
