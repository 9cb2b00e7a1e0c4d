package dev.wharfinger.runner.backup.store;

import java.nio.file.Path;

/** Targets by their URL. */
public final class Stores {
  private static final String FOLDER = "file://";

  private Stores() {}

  /**
   * The store that a URL names.
   *
   * @param url {@code file:///absolute/folder}
   * @param prefix a key below it; empty for none
   * @throws IllegalArgumentException with a message for people
   */
  public static ObjectStore of(String url, String prefix) {
    if (!prefix.isEmpty() && !Keys.valid(prefix)) {
      throw new IllegalArgumentException(
          "a prefix is words of letters, digits, dots, hyphens and underscores, joined by /");
    }
    if (url.startsWith(FOLDER + "/") && !url.contains("?") && !url.contains("%")) {
      return new FolderStore(Path.of(url.substring(FOLDER.length())).normalize(), prefix);
    }
    throw new IllegalArgumentException("a target is file:///absolute/folder");
  }
}
