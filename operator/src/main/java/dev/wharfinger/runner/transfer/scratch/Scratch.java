package dev.wharfinger.runner.transfer.scratch;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A place for numbers of rows: in memory as long as there are few of them in all, and beyond that
 * in a temporary database of SQLite, which has no name and ends with the process at the latest.
 * Whatever is kept here is used by one thread at a time.
 */
public final class Scratch implements AutoCloseable {
  /** Numbers that may be in memory, each of which takes up to 80 bytes. */
  private static final long FEW = 250_000;

  private static final int PAGE = 4096;

  /** Half of what is free: as much is taken once more to sort what is there. */
  private static final int SHARE = 2;

  private final long few;
  private long held;
  private int tables;
  private boolean closed;
  private @Nullable Connection connection;

  /** One in which nothing is yet. */
  public Scratch() {
    this(FEW);
  }

  /** One that keeps no more than {@code few} numbers in memory. */
  Scratch(long few) {
    this.few = few;
  }

  /** Whether one more number may be kept in memory; it counts from now on. */
  synchronized boolean holds() {
    boolean more = held < few;
    held += more ? 1 : 0;
    return more;
  }

  /** Numbers are not in memory any more. */
  synchronized void letGo(long numbers) {
    held -= numbers;
  }

  /**
   * Makes a table.
   *
   * @param columns its definition
   * @return its name
   */
  synchronized String table(String columns) throws SQLException {
    String name = "t" + ++tables;
    run("CREATE TABLE " + name + " (" + columns + ")");
    return name;
  }

  synchronized void drop(String table) throws SQLException {
    if (!closed) {
      run("DROP TABLE " + table);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = open().createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw explained(e);
    }
  }

  synchronized PreparedStatement prepare(String sql) throws SQLException {
    return open().prepareStatement(sql);
  }

  private Connection open() throws SQLException {
    Connection known = connection;
    if (known != null) {
      return known;
    }
    if (closed) {
      throw new SQLException("numbers of rows are asked for that are thrown away already");
    }
    // Without a name it is a temporary file of SQLite's own.
    Properties properties = new Properties();
    // The driver would ask for the row's number behind every row.
    properties.setProperty("jdbc.get_generated_keys", "false");
    Connection opened = DriverManager.getConnection("jdbc:sqlite:", properties);
    try (Statement statement = opened.createStatement()) {
      long pages = TemporaryFiles.room() / SHARE / PAGE;
      statement.execute("PRAGMA page_size=" + PAGE);
      statement.execute("PRAGMA max_page_count=" + Math.clamp(pages, 1, 4_294_967_294L));
      statement.execute("PRAGMA journal_mode=OFF");
      statement.execute("PRAGMA cache_size=-8192");
      // All of it is one transaction, which never ends.
      opened.setAutoCommit(false);
    } catch (IOException e) {
      opened.close();
      throw new SQLException("there is no directory for temporary files", e);
    }
    connection = opened;
    return opened;
  }

  /** Says where there is no room. */
  static SQLException explained(SQLException error) {
    boolean full =
        error instanceof SQLiteException sqlite
            && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    return full
        ? new SQLException(
            "there is no room for the numbers of rows in the directory for temporary files, "
                + TemporaryFiles.directory()
                + "; SQLITE_TMPDIR names another one",
            error)
        : error;
  }

  /** Throws everything away. */
  @Override
  public synchronized void close() throws SQLException {
    closed = true;
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
