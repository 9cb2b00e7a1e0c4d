package dev.wharfinger.runner.backup.sqlite;

import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.IntegrityCheck;
import dev.wharfinger.runner.transfer.sqlite.OnlyTheApplication;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What SQLite finds in a copy of our own.
 *
 * @param walMode whether the database was in WAL mode; the copy is in it again
 * @param pageSize bytes
 * @param encoding as SQLite calls it
 * @param userVersion the application's number
 * @param applicationId the kind of file, 0 where nobody said
 * @param tables each with its rows, without virtual ones
 * @param unchecked tables that need a collation or function of the application to be checked
 * @param breaking rules that rows break; the application let them in, and they are no damage
 */
public record CopyCheck(
    boolean walMode,
    long pageSize,
    String encoding,
    long userVersion,
    long applicationId,
    List<Table> tables,
    List<String> unchecked,
    List<String> breaking) {
  private static final int MOST = 20;

  /** Of a table whose rows are ordered by what only the application knows. */
  private static final long UNCOUNTED = -1;

  /** A table and how many rows it has; -1 where only the application can count them. */
  public record Table(String name, long rows) {}

  /**
   * Checks a copy, and leaves it in the journal mode it was in, with no other file beside it.
   *
   * @throws BackupException {@code source-damaged}, where SQLite finds it damaged
   */
  public static CopyCheck of(String name, Path copy) throws SQLException, BackupException {
    boolean wal = journalMode(copy, "DELETE").equals("wal");
    SourceDatabase database = SourceDatabase.open(copy);
    CopyCheck check;
    try {
      check = look(name, database, wal);
    } finally {
      database.closeCopy();
    }
    if (wal) {
      journalMode(copy, "WAL");
    }
    return check;
  }

  /**
   * Looks at a restored database as it is; nothing in it changes.
   *
   * @throws BackupException where SQLite finds it damaged
   */
  static CopyCheck asItIs(String name, Path file) throws SQLException, BackupException {
    SourceDatabase database = SourceDatabase.open(file);
    try {
      return look(name, database, database.text("PRAGMA journal_mode").equals("wal"));
    } finally {
      database.closeCopy();
    }
  }

  /** Sets the mode; says which it was. */
  private static String journalMode(Path copy, String wanted) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + SourceDatabase.uri(copy));
        Statement statement = connection.createStatement()) {
      String before;
      try (ResultSet row = statement.executeQuery("PRAGMA journal_mode")) {
        before = row.next() ? String.valueOf(row.getString(1)) : "";
      }
      statement.execute("PRAGMA journal_mode=" + wanted);
      return before;
    }
  }

  private static CopyCheck look(String name, SourceDatabase database, boolean wal)
      throws SQLException, BackupException {
    IntegrityCheck sound = IntegrityCheck.quick(database);
    CopyCheck check =
        new CopyCheck(
            wal,
            database.number("PRAGMA page_size"),
            database.text("PRAGMA encoding"),
            database.number("PRAGMA user_version"),
            database.number("PRAGMA application_id"),
            new ArrayList<>(),
            new ArrayList<>(sound.unchecked()),
            sound.rules().stream().limit(MOST).toList());
    if (!sound.problems().isEmpty()) {
      throw BackupException.refused(
          "source-damaged",
          "SQLite finds " + name + " damaged: " + String.join("; ", sound.problems()));
    }
    for (String table : IntegrityCheck.tables(database)) {
      check.tables.add(new Table(table, check.count(database, table)));
    }
    return check;
  }

  private long count(SourceDatabase database, String table) throws SQLException {
    try {
      // Every page of the table itself is read; an index could answer for a damaged one.
      return database.number("SELECT count(*) FROM " + Quoting.name(table) + " NOT INDEXED");
    } catch (SQLException e) {
      if (!OnlyTheApplication.could(e)) {
        throw e;
      }
      if (!unchecked.contains(table)) {
        unchecked.add(table);
      }
      return UNCOUNTED;
    }
  }

  /** Rows of all tables. */
  public long rows() {
    return tables.stream().mapToLong(table -> Math.max(0, table.rows())).sum();
  }
}
