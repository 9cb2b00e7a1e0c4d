package dev.wharfinger.runner.schema;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The files of a mounted ConfigMap. */
public final class MigrationFiles {
  private MigrationFiles() {}

  /**
   * SHA-256 over the files of a directory, in the order of their names: each name, a zero byte, the
   * length in decimal digits, another zero byte, and the bytes. Whoever made the Job has computed
   * the same of the ConfigMap. What begins with two dots is the kubelet's.
   *
   * @return 64 hexadecimal digits
   */
  public static String hash(Path directory) throws IOException {
    MessageDigest digest = sha256();
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> files =
          entries
              .filter(file -> !file.getFileName().toString().startsWith(".."))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        digest.update(text(file.getFileName().toString()));
        digest.update(text(Integer.toString(bytes.length)));
        digest.update(bytes);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] text(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
