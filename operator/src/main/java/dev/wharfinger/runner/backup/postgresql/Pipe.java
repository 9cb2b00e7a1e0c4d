package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A program of PostgreSQL that is read from or written to. Its exit code decides. */
final class Pipe implements AutoCloseable {
  private static final int LAST = 2048;

  private final String name;
  private final Process process;
  private final Path errors;
  private final @Nullable String password;

  private Pipe(String name, Process process, Path errors, @Nullable String password) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.password = password;
  }

  /** Starts one; where to connect is said in its environment, for arguments can be seen. */
  static Pipe start(List<String> command, PostgresUrl url) throws IOException {
    Map<String, String> variables = LibpqEnvironment.of(url);
    Path errors = Files.createTempFile("wharfinger-", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("PG"));
    environment.putAll(variables);
    try {
      String name = String.valueOf(Path.of(command.getFirst()).getFileName());
      return new Pipe(name, builder.start(), errors, url.password());
    } catch (IOException e) {
      Files.deleteIfExists(errors);
      throw e;
    }
  }

  InputStream output() {
    return process.getInputStream();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  /**
   * Waits for its end.
   *
   * @throws BackupException with {@code reason}, where it says anything but 0
   */
  void succeed(String reason) throws IOException, InterruptedException, BackupException {
    int code = process.waitFor();
    if (code != 0) {
      throw BackupException.failed(reason, "%s ended with %d: %s".formatted(name, code, said()));
    }
  }

  /** The last it said, without the password. */
  private String said() throws IOException {
    String all = withoutRows(name, new String(Files.readAllBytes(errors), StandardCharsets.UTF_8));
    if (password != null && !password.isEmpty()) {
      all = all.replace(password, "***");
    }
    return all.substring(Math.max(0, all.length() - LAST));
  }

  /**
   * Without DETAIL and CONTEXT, in which the server repeats rows. Values may have line breaks, so
   * each of the two goes on until the program itself says something again.
   */
  static String withoutRows(String name, String text) {
    boolean rows = false;
    List<String> kept = new ArrayList<>();
    for (String line : text.strip().lines().toList()) {
      if (line.startsWith("DETAIL:") || line.startsWith("CONTEXT:")) {
        rows = true;
      } else if (line.startsWith(name + ":")) {
        rows = false;
      }
      if (!rows) {
        kept.add(line);
      }
    }
    return String.join("\n", kept);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(errors);
  }
}
