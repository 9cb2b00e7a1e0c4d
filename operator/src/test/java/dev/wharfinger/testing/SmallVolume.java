package dev.wharfinger.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of its own with little room: ext4 in a file. Where this machine does not let tests
 * mount anything they are skipped, and say why.
 */
public final class SmallVolume implements AutoCloseable {
  private final Path directory;
  private final Path backing;
  private final Path mount;

  private SmallVolume(Path directory) throws IOException {
    this.directory = directory;
    this.backing = Files.createDirectory(directory.resolve("backing"));
    this.mount = Files.createDirectory(directory.resolve("mount"));
    Runtime.getRuntime().addShutdownHook(new Thread(this::unmount));
  }

  /** One of so many MiB, with room for so many files. */
  public static SmallVolume of(int mebibytes, int files) throws Exception {
    return make(mebibytes, files, 0);
  }

  /** One that promises {@code mebibytes} and has a few of them, like an overbooked disk. */
  public static SmallVolume overbooked(int mebibytes, int real) throws Exception {
    return make(mebibytes, 100, real);
  }

  private static SmallVolume make(int mebibytes, int files, int real) throws Exception {
    SmallVolume volume = new SmallVolume(Files.createTempDirectory("wharfinger-volume"));
    try {
      // PostgreSQL's user has to get through.
      Programs.execute(List.of("chmod", "755", volume.directory.toString()));
      if (real > 0) {
        mount("-t", "tmpfs", "-o", "size=" + real + "m", "none", volume.backing.toString());
      }
      Path image = volume.backing.resolve("image");
      Programs.execute(List.of("truncate", "-s", mebibytes + "M", image.toString()));
      Programs.execute(
          List.of(
              "mkfs.ext4",
              "-q",
              "-F",
              "-m",
              "0",
              "-O",
              "^has_journal",
              "-N",
              "" + files,
              image.toString()));
      mount("-o", "loop", image.toString(), volume.mount.toString());
      return volume;
    } catch (Exception | Error e) {
      volume.close();
      throw e;
    }
  }

  private static void mount(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(options));
    try {
      Programs.execute(command);
    } catch (IOException e) {
      Assumptions.abort("a small volume cannot be mounted here: " + e.getMessage());
    }
  }

  /** Where its files are. */
  public Path path() {
    return mount;
  }

  /** A new directory of its own for PostgreSQL's user. */
  public Path directoryForPostgres() throws Exception {
    Path made = Files.createDirectory(mount.resolve("postgres"));
    Programs.giveToPostgres(made);
    return made;
  }

  /** Takes all the room but {@code left} bytes; the file that takes it may be deleted. */
  public Path fillUpTo(long left) throws Exception {
    Path filler = mount.resolve("filler");
    long bytes = Files.getFileStore(mount).getUsableSpace() - Math.max(left, 256 << 10);
    Programs.execute(List.of("fallocate", "-l", Long.toString(bytes), filler.toString()));
    if (left == 0) {
      fillWith(filler);
    }
    return filler;
  }

  private static void fillWith(Path filler) {
    try {
      while (true) {
        Files.write(filler, new byte[1024], StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      // It is full.
    }
  }

  private void unmount() {
    for (Path one : List.of(mount, backing)) {
      try {
        // The loop device goes with its mount.
        if (Files.exists(one) && mounted(one)) {
          Programs.execute(List.of("umount", "--lazy", one.toString()));
        }
      } catch (Exception e) {
        System.err.println(e.getMessage());
      }
    }
  }

  private static boolean mounted(Path path) throws IOException {
    return Files.readString(Path.of("/proc/self/mounts")).contains(" " + path + " ");
  }

  @Override
  public void close() throws Exception {
    unmount();
    if (!mounted(mount) && !mounted(backing)) {
      Programs.execute(List.of("rm", "-rf", directory.toString()));
    }
  }
}
