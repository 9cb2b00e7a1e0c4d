package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Storage;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite makes of a value that is written into a column: '7' becomes 7 in a column with a
 * declaration such as NUMERIC. Where that is not plain, SQLite itself is asked, in memory.
 */
public final class StoredForm implements AutoCloseable {
  /** The largest whole number for which no digit is in doubt. */
  private static final double SURE = 0x1p51;

  /** Fewer digits than that number has. */
  private static final int SURE_DIGITS = 15;

  private record Trial(PreparedStatement write, PreparedStatement read) {}

  private final Map<SourceColumn.Affinity, Trial> trials =
      new EnumMap<>(SourceColumn.Affinity.class);
  private @Nullable Connection memory;

  /** Changes a value as writing it would. */
  public void apply(Cell cell, SourceColumn.Affinity affinity) throws SQLException {
    boolean number = cell.storage() == Storage.INTEGER || cell.storage() == Storage.REAL;
    switch (affinity) {
      case BLOB -> {}
      case TEXT -> {
        if (cell.storage() == Storage.INTEGER) {
          cell.setText(Long.toString(cell.integer()));
        } else if (number) {
          ask(cell, affinity);
        }
      }
      case INTEGER, NUMERIC, REAL -> {
        if (cell.storage() == Storage.TEXT && wholeNumber(cell.bytes())) {
          cell.setInteger(Long.parseLong(cell.text()));
          plain(cell, affinity);
        } else if (cell.storage() == Storage.TEXT && perhapsNumber(cell.bytes())
            || number && !plain(cell, affinity)) {
          ask(cell, affinity);
        }
      }
    }
  }

  /** Applies what is certain; says whether anything is. */
  private static boolean plain(Cell cell, SourceColumn.Affinity affinity) {
    if (cell.storage() == Storage.INTEGER) {
      boolean asIs = affinity != SourceColumn.Affinity.REAL;
      boolean small = Math.abs(cell.integer()) < SURE;
      if (!asIs && small) {
        cell.setReal(cell.integer());
      }
      return asIs || small;
    }
    double real = cell.real();
    boolean negativeZero = real == 0 && Double.doubleToRawLongBits(real) != 0;
    if (negativeZero || Math.abs(real) >= SURE) {
      return false;
    }
    if (affinity != SourceColumn.Affinity.REAL && real == Math.rint(real)) {
      cell.setInteger((long) real);
    }
    return true;
  }

  /** Digits as SQLite itself writes a whole number; most texts that are numbers are such. */
  private static boolean wholeNumber(byte[] text) {
    int first = text.length > 0 && text[0] == '-' ? 1 : 0;
    int digits = text.length - first;
    if (digits < 1 || digits > SURE_DIGITS || text[first] == '0' && text.length > 1) {
      return false;
    }
    for (int i = first; i < text.length; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean perhapsNumber(byte[] text) {
    byte before = ' ';
    for (byte b : text) {
      boolean sign = b == '+' || b == '-';
      if (sign && (before == '.' || before >= '0' && before <= '9')) {
        // A date, for example: a sign stands before digits, and never behind them.
        return false;
      }
      before = b;
      boolean part =
          b >= '0' && b <= '9'
              || sign
              || b == '.'
              || b == 'e'
              || b == 'E'
              || b == ' '
              || b >= '\t' && b <= '\r';
      if (!part) {
        return false;
      }
    }
    return text.length > 0;
  }

  private void ask(Cell cell, SourceColumn.Affinity affinity) throws SQLException {
    Trial trial = trials.get(affinity);
    if (trial == null) {
      trial = prepare(affinity);
      trials.put(affinity, trial);
    }
    switch (cell.storage()) {
      case INTEGER -> trial.write.setLong(1, cell.integer());
      case REAL -> trial.write.setDouble(1, cell.real());
      default -> trial.write.setString(1, cell.text());
    }
    trial.write.executeUpdate();
    try {
      new RowCursor(trial.read, StandardCharsets.UTF_8).forEach(row -> row.read(0, cell));
    } catch (SQLException e) {
      throw e;
    } catch (Exception e) {
      throw new SQLException(e);
    }
  }

  private Trial prepare(SourceColumn.Affinity affinity) throws SQLException {
    Connection connection = memory;
    if (connection == null) {
      connection = DriverManager.getConnection("jdbc:sqlite::memory:");
      memory = connection;
    }
    String table = "t" + affinity.ordinal();
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " (v " + affinity + ")");
      statement.execute("INSERT INTO " + table + " VALUES (NULL)");
    }
    return new Trial(
        connection.prepareStatement("UPDATE " + table + " SET v = ?"),
        connection.prepareStatement("SELECT v FROM " + table));
  }

  @Override
  public void close() throws SQLException {
    if (memory != null) {
      memory.close();
    }
  }
}
