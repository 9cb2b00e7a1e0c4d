package dev.wharfinger.runner.transfer.scratch;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers of which each may be there several times, to be read in their order. */
public final class Numbers implements AutoCloseable {
  /** Eight bytes each, and half as many again while there are more and more. */
  private static final int FEW = 1_000_000;

  private final Scratch scratch;
  private final int few;
  private long[] inMemory = new long[1024];
  private int held;
  private boolean sorted;
  private String table = "";
  private @Nullable PreparedStatement insert;

  /** No number yet. */
  public Numbers(Scratch scratch) {
    this(scratch, FEW);
  }

  /** One that keeps at most {@code few} of them in memory. */
  Numbers(Scratch scratch, int few) {
    this.scratch = scratch;
    this.few = few;
  }

  /** No number yet, and none that would be in memory. */
  public static Numbers outside(Scratch scratch) {
    return new Numbers(scratch, 0);
  }

  /** Adds a number. */
  public void add(long number) throws SQLException {
    add(number, 0);
  }

  /** Adds a number of a row; what is in memory forgets whose it is. */
  public void add(long number, long row) throws SQLException {
    if (insert == null && held < few) {
      if (held == inMemory.length) {
        inMemory = Arrays.copyOf(inMemory, Math.min(few, held + held / 2));
      }
      inMemory[held++] = number;
      sorted = false;
      return;
    }
    if (insert == null) {
      table = scratch.table("number INTEGER NOT NULL, row INTEGER NOT NULL");
      PreparedStatement first = scratch.prepare("INSERT INTO " + table + " VALUES (?, ?)");
      insert = first;
      for (int i = 0; i < held; i++) {
        insert(first, inMemory[i], 0);
      }
      held = 0;
      inMemory = new long[0];
    }
    insert(insert, number, row);
  }

  private void insert(PreparedStatement statement, long number, long row) throws SQLException {
    synchronized (scratch) {
      try {
        statement.setLong(1, number);
        statement.setLong(2, row);
        statement.executeUpdate();
      } catch (SQLException e) {
        throw Scratch.explained(e);
      }
    }
  }

  /** Whether all of them are in memory, where {@link #contains} can be asked. */
  public boolean inMemory() {
    return insert == null;
  }

  /** Whether a number is there; only while they are in memory. */
  public boolean contains(long number) {
    if (!inMemory()) {
      throw new IllegalStateException("there are too many to look for one of them");
    }
    sort();
    return Arrays.binarySearch(inMemory, 0, held, number) >= 0;
  }

  private void sort() {
    if (!sorted) {
      Arrays.sort(inMemory, 0, held);
      sorted = true;
    }
  }

  /** Walks through numbers from the least to the greatest. */
  public interface Walk extends AutoCloseable {
    /** Goes on to the next one; says whether there is one. */
    boolean next() throws SQLException;

    long number() throws SQLException;

    /** Whose number it is, where that is known. */
    long row() throws SQLException;

    @Override
    void close() throws SQLException;
  }

  /** All numbers, in order; nothing is added meanwhile. */
  public Walk walk() throws SQLException {
    return insert == null ? walkInMemory() : walkOutside();
  }

  private Walk walkInMemory() {
    sort();
    return new Walk() {
      private int at = -1;

      @Override
      public boolean next() {
        return ++at < held;
      }

      @Override
      public long number() {
        return inMemory[at];
      }

      @Override
      public long row() {
        return 0;
      }

      @Override
      public void close() {}
    };
  }

  private Walk walkOutside() throws SQLException {
    // SQLite sorts in files, with as much memory as its cache has.
    PreparedStatement all =
        scratch.prepare("SELECT number, row FROM " + table + " ORDER BY number");
    ResultSet rows = sorting(all);
    return new Walk() {
      @Override
      public boolean next() throws SQLException {
        return rows.next();
      }

      @Override
      public long number() throws SQLException {
        return rows.getLong(1);
      }

      @Override
      public long row() throws SQLException {
        return rows.getLong(2);
      }

      @Override
      public void close() throws SQLException {
        all.close();
      }
    };
  }

  private static ResultSet sorting(PreparedStatement all) throws SQLException {
    try {
      return all.executeQuery();
    } catch (SQLException e) {
      all.close();
      throw Scratch.explained(e);
    }
  }

  /** Forgets all of them. */
  @Override
  public void close() throws SQLException {
    if (insert != null) {
      insert.close();
      insert = null;
      scratch.drop(table);
    }
    held = 0;
    inMemory = new long[1024];
  }
}
