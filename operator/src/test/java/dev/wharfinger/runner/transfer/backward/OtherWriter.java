package dev.wharfinger.runner.transfer.backward;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Another process that wants to write into a file: locks between processes are another matter. */
final class OtherWriter {
  /** SQLite's own number. */
  static final int LOCKED_OUT = 5;

  private OtherWriter() {}

  /** Waits for nobody, and exits with 0, with {@link #LOCKED_OUT}, or with 1 for another error. */
  public static void main(String[] args) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=0");
      statement.executeUpdate(args[1]);
    } catch (SQLException e) {
      System.err.println(e.getMessage());
      System.exit((e.getErrorCode() & 0xff) == LOCKED_OUT ? LOCKED_OUT : 1);
    }
  }

  /** Lets it try; gives its exit code. */
  static int run(Path file, String sql) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherWriter.class.getName(),
                file.toString(),
                sql))
        .inheritIO()
        .start()
        .waitFor();
  }
}
