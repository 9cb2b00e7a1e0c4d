package dev.wharfinger.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The installed programs of PostgreSQL, and programs in general. */
public final class Programs {
  private Programs() {}

  /** Those of the newest installed version. */
  static Path binaries() throws IOException {
    try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
          .max(Comparator.comparingInt(path -> Integer.parseInt(path.getFileName().toString())))
          .orElseThrow(() -> new IOException("no PostgreSQL server is installed"))
          .resolve("bin");
    }
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public static void giveToPostgres(Path directory) throws Exception {
    if (root()) {
      execute(List.of("chown", "postgres", directory.toString()));
    }
  }

  /** PostgreSQL refuses to run as root. */
  static List<String> as(String... command) {
    List<String> all = new ArrayList<>();
    if (root()) {
      all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  /**
   * Runs a program to its end.
   *
   * @return what it said
   * @throws IOException where it ends with anything but 0
   */
  public static String execute(List<String> command) throws Exception {
    Path output = Files.createTempFile("wharfinger", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int code = process.waitFor();
      String text = Files.readString(output);
      if (code != 0) {
        throw new IOException(command.getFirst() + " ended with " + code + ": " + text);
      }
      return text;
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
