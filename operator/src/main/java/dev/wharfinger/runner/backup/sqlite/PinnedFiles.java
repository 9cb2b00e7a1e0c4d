package dev.wharfinger.runner.backup.sqlite;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.transfer.sqlite.SourceConnection;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Read transactions on several files, all of one instant: they are begun while the write locks of
 * all files are held, for a moment in which no commit can be half done. The application writes on
 * at once; its log grows until the copies are made.
 */
final class PinnedFiles implements AutoCloseable {
  private static final int TRIES = 5;
  private static final Duration BUDGET = Duration.ofSeconds(30);

  /** For the first lock; whoever waits for it keeps nobody from writing. */
  private static final int FIRST_MILLIS = 10_000;

  /** For the others: while we wait for them, the application waits for those we have. */
  private static final int OTHER_MILLIS = 250;

  private final List<SourceDatabase> readers = new ArrayList<>();
  private Instant instant = Instant.EPOCH;

  private PinnedFiles() {}

  /**
   * Pins files.
   *
   * @throws BackupException {@code lock-timeout} where somebody writes without a break
   */
  static PinnedFiles of(List<Declared> databases)
      throws SQLException, IOException, BackupException {
    List<Object> identities = identities(databases);
    List<Connection> lockers = new ArrayList<>();
    for (Declared database : databases) {
      Connection locker = SourceConnection.open(database.file());
      SourceDatabase.abandon(locker);
      execute(locker, "PRAGMA query_only=OFF");
      execute(locker, "PRAGMA busy_timeout=" + (lockers.isEmpty() ? FIRST_MILLIS : OTHER_MILLIS));
      lockers.add(locker);
    }
    Instant deadline = Instant.now().plus(BUDGET);
    for (int attempt = 0; attempt < TRIES && Instant.now().isBefore(deadline); attempt++) {
      PinnedFiles pinned = new PinnedFiles();
      if (pinned.pin(databases, lockers)) {
        if (identities.equals(identities(databases))) {
          return pinned;
        }
        pinned.close();
        throw BackupException.failed(
            "database-replaced", "another file took the place of a database just now");
      }
    }
    throw BackupException.failed(
        "lock-timeout",
        "somebody kept a write lock on a database for " + BUDGET.toSeconds() + " s");
  }

  private static List<Object> identities(List<Declared> databases) throws IOException {
    List<Object> all = new ArrayList<>();
    for (Declared database : databases) {
      all.add(SideFiles.identity(database.file()));
    }
    return all;
  }

  private boolean pin(List<Declared> databases, List<Connection> lockers) throws SQLException {
    List<Connection> locked = new ArrayList<>();
    boolean done = false;
    try {
      for (int i = 0; i < lockers.size(); i++) {
        execute(lockers.get(i), "BEGIN IMMEDIATE");
        locked.add(lockers.get(i));
      }
      for (Declared database : databases) {
        readers.add(SourceDatabase.open(database.file()));
      }
      instant = Instant.now();
      done = true;
    } catch (SQLException e) {
      if (!busy(e)) {
        throw SourceConnection.explained(e, databases.get(locked.size() % databases.size()).file());
      }
    } finally {
      for (Connection one : locked) {
        execute(one, "ROLLBACK");
      }
      if (!done) {
        close();
      }
    }
    return done;
  }

  private static boolean busy(SQLException error) {
    return error instanceof SQLiteException sqlite
        && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The transactions, in the order of the databases. */
  List<SourceDatabase> readers() {
    return readers;
  }

  /** The moment of which all of them are. */
  Instant instant() {
    return instant;
  }

  /** Bytes of a database as it is pinned. */
  static long bytes(SourceDatabase reader) throws SQLException {
    return reader.number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  }

  /** Bytes of the log of a database. */
  static long logBytes(Path file) throws IOException {
    Path log = Path.of(file + "-wal");
    return Files.exists(log) ? Files.size(log) : 0;
  }

  /** Ends the transactions. The files stay open, for closing them would write the log into them. */
  @Override
  public void close() throws SQLException {
    for (SourceDatabase reader : readers) {
      reader.abandon();
    }
    readers.clear();
  }
}
