package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.scratch.Scratch;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteLimits;

/**
 * One reading connection with one read transaction: everything it gives is of one moment.
 *
 * <p>The file is opened as any application opens it: read-only and {@code immutable} modes lose a
 * write-ahead log that was left behind. It is never closed while it is the application's own file,
 * because the last connection to close a database writes the log into it; see {@link #abandon}.
 */
public final class SourceDatabase {
  /** Connections that must stay open until the process ends, kept from being collected. */
  private static final List<Connection> ABANDONED = new ArrayList<>();

  private final Connection connection;
  private final Charset charset;

  private final Path file;
  private final List<SourceDatabase> others = new ArrayList<>();
  private final Scratch scratch = new Scratch();

  private SourceDatabase(Connection connection, Path file) throws SQLException {
    this.connection = connection;
    this.file = file;
    this.charset =
        switch (text("PRAGMA encoding")) {
          case "UTF-16le" -> StandardCharsets.UTF_16LE;
          case "UTF-16be" -> StandardCharsets.UTF_16BE;
          default -> StandardCharsets.UTF_8;
        };
  }

  /** As SQLite is to be told: a file that is not there is an error, not a new database. */
  public static String uri(Path file) {
    return "file:"
        + file.toAbsolutePath()
            .toString()
            .replace("%", "%25")
            .replace("?", "%3f")
            .replace("#", "%23")
        + "?mode=rw";
  }

  /**
   * Opens {@code file} and begins the read transaction.
   *
   * @throws SQLException where there is no such file or it is no database
   */
  public static SourceDatabase open(Path file) throws SQLException {
    Connection connection = SourceConnection.open(file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
      return new SourceDatabase(connection, file);
    } catch (SQLException e) {
      abandon(connection);
      throw SourceConnection.explained(e, file);
    }
  }

  /** Opens the file once more, for another thread; given up or closed together with this. */
  public SourceDatabase another() throws SQLException {
    SourceDatabase another = open(file);
    others.add(another);
    return another;
  }

  /** Ends a query that another thread is waiting for. */
  public void interrupt() {
    try {
      ((SQLiteConnection) connection).getDatabase().interrupt();
    } catch (SQLException e) {
      // There is none.
    }
  }

  /** Keeps {@code connection} open until the process ends. */
  public static void abandon(Connection connection) {
    synchronized (ABANDONED) {
      ABANDONED.add(connection);
    }
  }

  /** Gives the database up without closing it: the application's files stay as they are. */
  public void abandon() throws SQLException {
    for (SourceDatabase other : others) {
      other.abandon();
    }
    abandon(connection);
    try (Statement statement = connection.createStatement()) {
      // The read transaction ends, so nobody waits for it; only closing would write.
      statement.execute("ROLLBACK");
    }
    scratch.close();
  }

  /** Closes a copy of our own. */
  public void closeCopy() throws SQLException {
    for (SourceDatabase other : others) {
      other.closeCopy();
    }
    connection.close();
    scratch.close();
  }

  public Connection connection() {
    return connection;
  }

  /** What has to be remembered of its rows; thrown away when it is given up or closed. */
  public Scratch scratch() {
    return scratch;
  }

  /** Whether texts are stored in two bytes a character. */
  public boolean utf16() {
    return charset != StandardCharsets.UTF_8;
  }

  /** Bytes of the database, wherever its pages are. */
  public long bytes() throws SQLException {
    return number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  }

  /** From now on reading a longer value ends with an error, before it is in memory. */
  public void longest(int bytes) throws SQLException {
    ((SQLiteConnection) connection).setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, bytes);
  }

  /** Whether it was for {@link #longest} that reading ended. */
  public static boolean tooLong(SQLException error) {
    return error instanceof SQLiteException sqlite
        && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_TOOBIG.code;
  }

  /** Rows of a query. */
  public void forEach(String sql, RowCursor.RowHandler handler) throws Exception {
    try (var statement = connection.prepareStatement(sql)) {
      new RowCursor(statement, charset).forEach(handler);
    }
  }

  /** Rows of a query, with every text in the bytes of the database's own encoding. */
  public void forEachStored(String sql, RowCursor.RowHandler handler) throws Exception {
    try (var statement = connection.prepareStatement(sql)) {
      new RowCursor(statement, StandardCharsets.UTF_8).forEach(handler);
    }
  }

  /** What is done with each row of the schema's own small tables. */
  interface RowAction {
    void accept(ResultSet row) throws SQLException;
  }

  void each(String sql, RowAction action) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        action.accept(rows);
      }
    }
  }

  /** First column of the first row as text. */
  public String text(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  /** First column of the first row as a number. */
  public long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /** Number of rows of a table. */
  public long count(String table) throws SQLException {
    return number("SELECT count(*) FROM " + Quoting.name(table));
  }

  /** Whether a column holds a value of one of these storage classes. */
  public boolean stores(String table, String column, String classes) throws SQLException {
    return number(
            "SELECT EXISTS (SELECT 1 FROM %s WHERE typeof(%s) IN (%s))"
                .formatted(Quoting.name(table), Quoting.name(column), classes))
        == 1;
  }

  /** What an encoder may want to know of a whole column. */
  public ColumnFacts facts(String table, String column) throws SQLException {
    return WholeColumn.facts(connection, table, column);
  }

  /** Whether an error says that the file is broken or no database at all. */
  public static boolean damaged(SQLException error) {
    return error instanceof SQLiteException sqlite
        && ((sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CORRUPT.code
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
            // Shorter than its header says.
            || sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ);
  }
}
