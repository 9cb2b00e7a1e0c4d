package dev.wharfinger.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resources that only a test needs, as files for kubectl. */
final class Resources {
  private Resources() {}

  /** Path of a file with this YAML. */
  static String file(String yaml) {
    try {
      Path file = Files.createTempFile(Shell.TOP.resolve("e2e/target"), "resource-", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(file, yaml).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
