package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.format.Field;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The row that the file has under the key of PostgreSQL's. No format gives back values of a column
 * that is in several of them, or documents whose keys PostgreSQL has sorted; but where the value is
 * still the same, the file's own bytes are.
 */
final class RetainedRow implements AutoCloseable {
  private final List<Integer> key;
  private final List<ColumnEncoder> encoders;
  private final Map<Integer, Cell> cells = new LinkedHashMap<>();
  private final PreparedStatement select;
  private final Comparison comparison = new Comparison();
  private boolean found;

  private RetainedRow(LikeFile like, BackTable table) throws SQLException {
    key = table.key();
    encoders = Surveys.encoders(like, table);
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < table.columns.size(); i++) {
      if (table.columns.get(i).retained) {
        cells.put(i, new Cell());
        // The driver gives empty bytes as NULL.
        wanted.add("%1$s, typeof(%1$s) = 'blob'".formatted(name(table, i)));
      }
    }
    select =
        like.database()
            .connection()
            .prepareStatement(
                key.stream()
                    .map(i -> name(table, i) + " = ?")
                    .collect(
                        Collectors.joining(
                            " AND ",
                            "SELECT %s FROM %s WHERE "
                                .formatted(
                                    String.join(", ", wanted), Quoting.name(table.sqlite.name())),
                            "")));
  }

  private static String name(BackTable table, int place) {
    return Quoting.name(table.columns.get(place).sqlite.name());
  }

  /** Empty where no column needs it, or the table has no key. */
  static Optional<RetainedRow> of(LikeFile like, BackTable table) throws SQLException {
    return table.columns.stream().anyMatch(column -> column.retained) && !table.key().isEmpty()
        ? Optional.of(new RetainedRow(like, table))
        : Optional.empty();
  }

  /** Places of the columns whose values find it. */
  List<Integer> key() {
    return key;
  }

  /** Goes to the row whose key has these values. */
  void find(List<Cell> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      Binding.bind(select, i + 1, values.get(i));
    }
    try (ResultSet row = select.executeQuery()) {
      found = row.next();
      int at = 1;
      for (Cell cell : found ? cells.values() : List.<Cell>of()) {
        read(row.getObject(at), row.getBoolean(at + 1), cell);
        at += 2;
      }
    }
  }

  private static void read(@Nullable Object value, boolean bytes, Cell cell) {
    switch (value) {
      case null -> {
        if (bytes) {
          cell.setBlob(new byte[0]);
        } else {
          cell.setNull();
        }
      }
      case Double real -> cell.setReal(real);
      case Number number -> cell.setInteger(number.longValue());
      case byte[] blob -> cell.setBlob(blob);
      // Text that is no text has become another one, which PostgreSQL would have to have too.
      default -> cell.setText(value.toString());
    }
  }

  /** Puts the file's value into {@code cell}, if PostgreSQL has the same; says whether. */
  boolean unchanged(
      int place, BackColumn column, Field field, byte[] data, int start, int length, Cell cell) {
    Cell kept = cells.get(place);
    if (!found || kept == null) {
      return false;
    }
    ColumnEncoder encoder = encoders.get(place);
    boolean same =
        length < 0
            ? comparison.becomesNull(encoder, kept)
            : !comparison.forward(column, encoder, kept, field, data, start, length).rejected();
    if (same) {
      cell.set(kept);
    }
    return same;
  }

  @Override
  public void close() throws SQLException {
    select.close();
  }
}
