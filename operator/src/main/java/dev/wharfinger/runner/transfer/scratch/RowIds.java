package dev.wharfinger.runner.transfer.scratch;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows of a table by their numbers, each with a mark. Threads may ask at the same time. */
public final class RowIds {
  /** The mark of a row that is not there. */
  public static final int NONE = -1;

  /** What is done with each row. */
  public interface Action {
    /** Called once a row. */
    void row(long row, int mark) throws SQLException;
  }

  private final Scratch scratch;
  private TreeMap<Long, Integer> inMemory = new TreeMap<>();
  private long size;
  private String table = "";
  private @Nullable PreparedStatement insert;
  private @Nullable PreparedStatement select;

  /** No row. */
  public RowIds(Scratch scratch) {
    this.scratch = scratch;
  }

  public long size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Adds a row without a mark to speak of. */
  public boolean add(long row) throws SQLException {
    return add(row, 0);
  }

  /** Adds a row; says whether it was not there. One that was there keeps its mark. */
  public synchronized boolean add(long row, int mark) throws SQLException {
    if (insert == null && inMemory.containsKey(row)) {
      return false;
    }
    boolean added = true;
    if (insert == null && scratch.holds()) {
      inMemory.put(row, mark);
    } else {
      added = insert(row, mark);
    }
    size += added ? 1 : 0;
    return added;
  }

  private boolean insert(long row, int mark) throws SQLException {
    if (insert == null) {
      table = scratch.table("row INTEGER PRIMARY KEY, mark INTEGER NOT NULL");
      select = scratch.prepare("SELECT mark FROM " + table + " WHERE row = ?");
      PreparedStatement first =
          scratch.prepare("INSERT INTO " + table + " VALUES (?, ?) ON CONFLICT DO NOTHING");
      insert = first;
      for (var entry : inMemory.entrySet()) {
        insert(first, entry.getKey(), entry.getValue());
      }
      scratch.letGo(inMemory.size());
      inMemory = new TreeMap<>();
    }
    return insert(insert, row, mark);
  }

  private boolean insert(PreparedStatement statement, long row, int mark) throws SQLException {
    synchronized (scratch) {
      try {
        statement.setLong(1, row);
        statement.setInt(2, mark);
        return statement.executeUpdate() == 1;
      } catch (SQLException e) {
        throw Scratch.explained(e);
      }
    }
  }

  /** Whether a row is there. */
  public boolean contains(long row) throws SQLException {
    return size > 0 && mark(row) != NONE;
  }

  /** The mark of a row; {@link #NONE} where it is not there. */
  public synchronized int mark(long row) throws SQLException {
    if (select == null) {
      return inMemory.getOrDefault(row, NONE);
    }
    synchronized (scratch) {
      select.setLong(1, row);
      try (ResultSet found = select.executeQuery()) {
        return found.next() ? found.getInt(1) : NONE;
      }
    }
  }

  /** All rows in the order of their numbers. */
  public synchronized void forEach(Action action) throws SQLException {
    if (insert == null) {
      for (var entry : inMemory.entrySet()) {
        action.row(entry.getKey(), entry.getValue());
      }
      return;
    }
    synchronized (scratch) {
      try (PreparedStatement all =
              scratch.prepare("SELECT row, mark FROM " + table + " ORDER BY row");
          ResultSet rows = all.executeQuery()) {
        while (rows.next()) {
          action.row(rows.getLong(1), rows.getInt(2));
        }
      }
    }
  }

  /** Forgets all rows. */
  public synchronized void clear() throws SQLException {
    if (insert != null) {
      insert.close();
      insert = null;
      if (select != null) {
        select.close();
        select = null;
      }
      scratch.drop(table);
    }
    scratch.letGo(inMemory.size());
    inMemory = new TreeMap<>();
    size = 0;
  }
}
