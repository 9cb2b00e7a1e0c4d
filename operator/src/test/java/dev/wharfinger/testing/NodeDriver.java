package dev.wharfinger.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** node-postgres, installed by npm into a folder of the build once for each list of packages. */
final class NodeDriver {
  private static final Path FILES = Path.of("src", "test", "resources", "drivers", "pg");
  private static final Path HOME = Path.of("target", "drivers-node").toAbsolutePath();
  private static final String PACKAGES = "package-lock.json";

  private NodeDriver() {}

  /** The program, which takes a URL. */
  static List<String> command() throws Exception {
    Path program = HOME.resolve("connect.js");
    OneAtATime.in(HOME, () -> install(program));
    return List.of("node", program.toString());
  }

  private static void install(Path program) throws Exception {
    Path installed = HOME.resolve("installed.json");
    if (!Files.exists(installed) || Files.mismatch(installed, FILES.resolve(PACKAGES)) != -1) {
      copy(FILES.resolve("package.json"), HOME.resolve("package.json"));
      copy(FILES.resolve(PACKAGES), HOME.resolve(PACKAGES));
      try {
        Programs.execute(
            List.of(
                "npm",
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
                HOME.toString()));
      } catch (IOException e) {
        throw new IOException("node-postgres is not to be had; node and npm are needed", e);
      }
      copy(FILES.resolve(PACKAGES), installed);
    }
    // It finds the packages beside itself.
    copy(FILES.resolve("connect.js"), program);
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(to) || Files.mismatch(from, to) != -1) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
