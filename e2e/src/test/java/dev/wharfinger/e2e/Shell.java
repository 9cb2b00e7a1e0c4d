package dev.wharfinger.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs the programs that a person would run: kubectl and helm. */
final class Shell {
  /** The repository's top folder. */
  static final Path TOP = Path.of(System.getProperty("wharfinger.top", "..")).normalize();

  /**
   * How a program ended.
   *
   * @param code its exit code
   * @param output what it printed, errors included
   */
  record Result(int code, String output) {}

  private Shell() {}

  /**
   * Runs a program and gives what it printed.
   *
   * @throws IllegalStateException with the output, when it fails
   */
  static String run(String... command) {
    Result result = attempt(command);
    if (result.code() != 0) {
      throw new IllegalStateException(
          "%s ended with %d:\n%s"
              .formatted(String.join(" ", command), result.code(), result.output()));
    }
    return result.output();
  }

  /** Runs a program, whatever its end. */
  static Result attempt(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
