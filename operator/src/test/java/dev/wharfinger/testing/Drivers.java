package dev.wharfinger.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Drivers of other languages, below a folder of the build: Python's, installed by pip once for each
 * list of them, Go's pgx in a small program, and those of {@link NodeDriver} and {@link
 * RustDriver}. They are those of {@code src/test/resources/drivers}.
 */
public final class Drivers {
  private static final Path FILES = Path.of("src", "test", "resources", "drivers");
  private static final Path HOME = Path.of("target", "drivers").toAbsolutePath();
  private static boolean built;

  /** What the program said, and how it ended. */
  public record Said(int exit, String text) {}

  private Drivers() {}

  /**
   * Opens {@code url} with a driver.
   *
   * @param driver {@code psycopg}, {@code asyncpg}, {@code pgx}, {@code pg} of Node.js, or {@code
   *     sqlx}
   * @param environment what the driver is told besides
   */
  public static Said connect(String driver, String url, Map<String, String> environment)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            switch (driver) {
              case "pgx" -> List.of(pgx().toString());
              case "pg" -> NodeDriver.command();
              case "sqlx" -> RustDriver.command();
              default ->
                  List.of(python().toString(), FILES.resolve("connect.py").toString(), driver);
            });
    command.add(url);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text.strip());
  }

  /** Go itself sees whether there is something to build. */
  private static Path pgx() throws Exception {
    Files.createDirectories(HOME);
    Path program = HOME.resolve("pgx");
    try (FileChannel channel =
            FileChannel.open(
                HOME.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      if (lock.isValid() && !built) {
        Path toolchain = Repository.root().resolve("e2e/cluster/go-toolchain");
        String said = Programs.execute(List.of(toolchain.toString(), "24"));
        // It ends with the path, and tells what it had to do for that before.
        String go = said.lines().toList().getLast();
        Programs.execute(
            List.of(
                "env",
                "CGO_ENABLED=0",
                "GOWORK=off",
                go,
                "build",
                "-C",
                FILES.resolve("pgx").toString(),
                "-o",
                program.toString(),
                "."));
        built = true;
      }
      return program;
    }
  }

  private static Path python() throws Exception {
    Files.createDirectories(HOME);
    Path wanted = FILES.resolve("requirements.txt");
    Path installed = HOME.resolve("installed.txt");
    Path python = HOME.resolve("bin").resolve("python");
    // Tests run in several processes.
    try (FileChannel channel =
            FileChannel.open(
                HOME.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      if (!lock.isValid() || !Files.exists(installed) || Files.mismatch(installed, wanted) != -1) {
        Programs.execute(List.of("python3", "-m", "venv", HOME.toString()));
        Programs.execute(
            List.of(python.toString(), "-m", "pip", "install", "--quiet", "-r", wanted.toString()));
        Files.copy(wanted, installed, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
      return python;
    } catch (IOException e) {
      throw new IOException("Python's drivers are not to be had; python3 needs venv and pip", e);
    }
  }
}
