package dev.wharfinger.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Python's drivers, installed by pip into a folder of the build once for each list of them. They
 * are those of {@code src/test/resources/drivers/requirements.txt}.
 */
public final class Drivers {
  private static final Path FILES = Path.of("src", "test", "resources", "drivers");
  private static final Path HOME = Path.of("target", "drivers").toAbsolutePath();

  /** What the program said, and how it ended. */
  public record Said(int exit, String text) {}

  private Drivers() {}

  /**
   * Opens {@code url} with a driver.
   *
   * @param environment what the driver is told besides
   */
  public static Said connect(String driver, String url, Map<String, String> environment)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(python().toString(), FILES.resolve("connect.py").toString(), driver, url)
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text.strip());
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
