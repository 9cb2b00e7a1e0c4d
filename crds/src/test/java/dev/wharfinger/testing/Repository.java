package dev.wharfinger.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** The files of this repository, wherever a test is started from. */
public final class Repository {
  private Repository() {}

  /**
   * The repository's top directory.
   *
   * @throws IllegalStateException when the working directory is outside of it
   */
  public static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      if (Files.exists(dir.resolve("charts/wharfinger/Chart.yaml"))) {
        return dir;
      }
    }
    throw new IllegalStateException(start + " is not inside the repository");
  }

  /** The CRDs as checked in. */
  public static Path crds() {
    return root().resolve("crds");
  }

  /** The Helm chart. */
  public static Path chart() {
    return root().resolve("charts/wharfinger");
  }
}
