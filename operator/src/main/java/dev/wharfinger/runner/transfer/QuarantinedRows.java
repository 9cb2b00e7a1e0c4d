package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of one table that are kept aside, cell by cell. */
record QuarantinedRows(
    Connection connection, SourceDatabase source, UUID operation, TableMapping table) {
  private static final long FLUSH = 1 << 20;
  private static final int MOST_AT_ONCE = 100;

  /** Writes them; the tables they go to are there. Gives the length of the longest cell. */
  int write() throws Exception {
    int[] longest = {1};
    String encoding = source.text("PRAGMA encoding");
    List<SourceColumn> columns = columns();
    try (PreparedStatement rows =
            connection.prepareStatement(
                "INSERT INTO wharfinger.quarantine (operation, table_name, row_id, target,"
                    + " column_name, rule, encoding) VALUES (?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement cells =
            connection.prepareStatement(
                "INSERT INTO wharfinger.quarantine_cell VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      long[] size = {0};
      each((row, values) -> {
        TableMapping.Refusal why = table.refusal(row).orElseThrow();
        key(rows, row);
        rows.setString(4, table.target.sql());
        rows.setString(5, why.column());
        rows.setString(6, why.rule());
        rows.setString(7, encoding);
        rows.addBatch();
        for (int i = 0; i < values.length; i++) {
          key(cells, row);
          cells.setInt(4, i + 1);
          cells.setString(5, columns.get(i).name());
          cell(cells, values[i]);
          cells.addBatch();
          size[0] += 100L + bytes(values[i]);
          longest[0] = Math.max(longest[0], bytes(values[i]));
        }
        if (size[0] > FLUSH) {
          rows.executeBatch();
          cells.executeBatch();
          size[0] = 0;
        }
      });
      rows.executeBatch();
      cells.executeBatch();
    }
    return longest[0];
  }

  private void key(PreparedStatement statement, long row) throws SQLException {
    statement.setObject(1, operation);
    statement.setString(2, table.source.name());
    statement.setLong(3, row);
  }

  private static void cell(PreparedStatement cells, Cell cell) throws SQLException {
    cells.setString(6, cell.storage().name().toLowerCase(Locale.ROOT));
    cells.setObject(7, cell.storage() == Storage.INTEGER ? cell.integer() : null, Types.BIGINT);
    cells.setObject(8, cell.storage() == Storage.REAL ? cell.real() : null, Types.DOUBLE);
    cells.setBytes(9, stored(cell));
  }

  private static byte @Nullable [] stored(Cell cell) {
    return cell.storage() == Storage.TEXT || cell.storage() == Storage.BLOB ? cell.bytes() : null;
  }

  private static int bytes(Cell cell) {
    byte[] stored = stored(cell);
    return stored == null ? 0 : stored.length;
  }

  /**
   * What is kept, cell by cell beside the source.
   *
   * @param longest length of the longest cell: so many of them are in memory as that allows
   */
  void compare(int longest) throws Exception {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT row_id, storage, integer_value, real_value, bytes"
                + " FROM wharfinger.quarantine_cell WHERE operation = ? AND table_name = ?"
                + " ORDER BY row_id, position")) {
      select.setObject(1, operation);
      select.setString(2, table.source.name());
      select.setFetchSize(Math.clamp(FLUSH / longest, 1, MOST_AT_ONCE));
      try (ResultSet kept = select.executeQuery()) {
        each((row, values) -> {
          for (Cell value : values) {
            if (!kept.next() || kept.getLong(1) != row || !same(value, kept)) {
              throw unlike();
            }
          }
        });
        if (kept.next()) {
          throw unlike();
        }
      }
    }
  }

  private SQLException unlike() {
    return new SQLException(
        "what is in quarantine of table " + table.source.name() + " is not what was sent");
  }

  private static boolean same(Cell cell, ResultSet kept) throws SQLException {
    return kept.getString(2).equals(cell.storage().name().toLowerCase(Locale.ROOT))
        && switch (cell.storage()) {
          case NULL -> true;
          case INTEGER -> kept.getLong(3) == cell.integer();
          case REAL -> Double.compare(kept.getDouble(4), cell.real()) == 0;
          case TEXT, BLOB -> Arrays.equals(kept.getBytes(5), cell.bytes());
        };
  }

  private interface RowAction {
    void accept(long row, Cell[] values) throws SQLException;
  }

  /** Every row that is kept aside, in the order of their ids. */
  private void each(RowAction action) throws Exception {
    List<SourceColumn> columns = columns();
    long[] place = {0};
    Cell id = new Cell();
    source.forEachStored(
        "SELECT %s, %s FROM %s NOT INDEXED%s"
            .formatted(
                table.rowid(),
                columns.stream().map(c -> Quoting.name(c.name())).collect(Collectors.joining(", ")),
                Quoting.name(table.source.name()),
                table.order()),
        values -> {
          place[0]++;
          values.read(0, id);
          long row = id.storage() == Storage.INTEGER ? id.integer() : place[0];
          if (table.quarantined.contains(row)) {
            Cell[] cells = new Cell[columns.size()];
            for (int i = 0; i < cells.length; i++) {
              cells[i] = new Cell();
              values.read(i + 1, cells[i]);
            }
            action.accept(row, cells);
          }
        });
  }

  /** What is computed is not stored, and perhaps not readable. */
  private List<SourceColumn> columns() {
    return table.source.columns().stream().filter(column -> !column.generated()).toList();
  }
}
