package dev.wharfinger.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/**
 * sqlx in a small program. Its hundred crates are a minute of work, so what cargo makes of them is
 * kept outside the build, for the next checkout too.
 */
final class RustDriver {
  private static final Path FILES = Path.of("src", "test", "resources", "drivers", "sqlx");
  private static final Path PROGRAM =
      Path.of("target", "drivers-rust", "opens-with-sqlx").toAbsolutePath();
  private static boolean built;

  private RustDriver() {}

  /** The program, which takes a URL. */
  static synchronized List<String> command() throws Exception {
    if (!built) {
      Path cache = cache();
      OneAtATime.in(cache, () -> build(cache));
      built = true;
    }
    return List.of(PROGRAM.toString());
  }

  /** Cargo itself sees whether there is something to build. */
  private static void build(Path cache) throws Exception {
    try {
      Programs.execute(
          List.of(
              "cargo",
              "build",
              "--quiet",
              "--locked",
              "--manifest-path",
              FILES.resolve("Cargo.toml").toString(),
              "--target-dir",
              cache.toString()));
    } catch (IOException e) {
      throw new IOException("sqlx is not to be had; cargo and a linker are needed", e);
    }
    Path made = cache.resolve("debug").resolve("opens-with-sqlx");
    // Another checkout may build another one there; and one that runs cannot be written over.
    if (!Files.exists(PROGRAM) || Files.mismatch(made, PROGRAM) != -1) {
      Files.createDirectories(PROGRAM.getParent());
      Path copy = PROGRAM.resolveSibling("copy");
      Files.copy(made, copy, StandardCopyOption.REPLACE_EXISTING);
      Files.move(copy, PROGRAM, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static Path cache() {
    String said = System.getenv("WHARFINGER_CACHE");
    Path all =
        said == null || said.isEmpty()
            ? Path.of(Objects.requireNonNull(System.getProperty("user.home")), ".cache/wharfinger")
            : Path.of(said);
    return all.resolve("drivers-rust").toAbsolutePath();
  }
}
