package dev.wharfinger.runner.backup.sqlite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Owner and mode of a file.
 *
 * @param mode the last twelve bits, as chmod takes them
 */
record FileFacts(int uid, int gid, int mode) {
  private static final int MODE = 0xfff;

  static FileFacts of(Path file) throws IOException {
    return new FileFacts(
        number(file, "unix:uid"), number(file, "unix:gid"), number(file, "unix:mode") & MODE);
  }

  private static int number(Path file, String attribute) throws IOException {
    return (Integer) Files.getAttribute(file, attribute);
  }

  static FileFacts of(JsonNode line) {
    return new FileFacts(
        line.path("uid").asInt(), line.path("gid").asInt(), line.path("mode").asInt());
  }

  void describe(ObjectNode line) {
    line.put("uid", uid).put("gid", gid).put("mode", mode);
  }

  /**
   * Gives a file this owner and mode.
   *
   * @return whether it is the owner's now; only root can give a file away
   */
  boolean apply(Path file) throws IOException {
    boolean owned = true;
    FileFacts now = of(file);
    if (now.uid != uid || now.gid != gid) {
      try {
        Files.setAttribute(file, "unix:gid", gid);
        Files.setAttribute(file, "unix:uid", uid);
      } catch (FileSystemException e) {
        owned = false;
      }
    }
    Files.setAttribute(file, "unix:mode", mode);
    return owned;
  }
}
