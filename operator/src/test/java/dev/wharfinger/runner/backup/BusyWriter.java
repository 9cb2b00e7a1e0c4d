package dev.wharfinger.runner.backup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** An application that writes to two databases, first a and then b, as fast as it can. */
final class BusyWriter {
  private BusyWriter() {}

  /** Directory, and a file whose presence ends it. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    Path end = Path.of(args[1]);
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("a.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=10000");
      statement.execute("PRAGMA synchronous=OFF");
      statement.execute("ATTACH '" + directory.resolve("b.db") + "' AS b");
      statement.execute("PRAGMA b.journal_mode=WAL");
      for (long i = 0; !Files.exists(end); i++) {
        statement.execute("INSERT INTO main.t (body) VALUES ('" + i + "')");
        statement.execute("INSERT INTO b.t (body) VALUES ('" + i + "')");
      }
    }
  }
}
