package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.format.Field;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The row that the file has under the key of PostgreSQL's. No format gives back values of a column
 * that is in several of them, or documents whose keys PostgreSQL has sorted; but where the value is
 * still the same, the file's own bytes are.
 */
final class RetainedRow implements AutoCloseable {
  /** What a driver puts in the place of bytes that are no character. */
  private static final char REPLACED = '\uFFFD';

  private final BackTable table;
  private final List<Integer> key;
  private final List<ColumnEncoder> encoders;
  private final Map<Integer, Cell> cells = new LinkedHashMap<>();
  private final PreparedStatement select;
  private final Comparison comparison = new Comparison();
  private final RowBuffer buffer = new RowBuffer();
  private final Cell sent = new Cell();
  private final Set<Integer> broken = new HashSet<>();
  private final Charset charset;
  private boolean found;

  private RetainedRow(LikeFile like, BackTable table) throws SQLException {
    this.table = table;
    key = table.key();
    encoders = Surveys.forward(like, table);
    charset =
        switch (like.pragma("encoding")) {
          case "UTF-16le" -> StandardCharsets.UTF_16LE;
          case "UTF-16be" -> StandardCharsets.UTF_16BE;
          default -> StandardCharsets.UTF_8;
        };
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < table.columns.size(); i++) {
      if (table.columns.get(i).retained) {
        cells.put(i, new Cell());
        // The driver gives empty bytes as NULL.
        wanted.add("%1$s, typeof(%1$s) = 'blob', CAST(%1$s AS BLOB)".formatted(name(table, i)));
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
      broken.clear();
      int at = 1;
      for (var cell : found ? cells.entrySet() : Set.<Map.Entry<Integer, Cell>>of()) {
        Object value = row.getObject(at);
        read(value, row.getBoolean(at + 1), cell.getValue());
        if (value instanceof String text
            && text.indexOf(REPLACED) >= 0
            && !Arrays.equals(text.getBytes(charset), row.getBytes(at + 2))) {
          broken.add(cell.getKey());
        }
        at += 3;
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
      default -> cell.setText(value.toString());
    }
  }

  /**
   * Puts the file's value into {@code cell}, if PostgreSQL has the same; says whether.
   *
   * @param field the column's value, where it is not NULL
   * @param starts where each field of the row begins
   * @param lengths how long each is
   */
  boolean unchanged(int place, Field field, byte[] data, int[] starts, int[] lengths, Cell cell)
      throws SQLException {
    Cell kept = cells.get(place);
    // Text that is no text was read as another one: its own bytes could not be written again.
    if (!found || kept == null || broken.contains(place)) {
      return false;
    }
    // A decision may change what is sent.
    boolean same = same(place, sent.set(kept), field, data, starts, lengths);
    if (same) {
      cell.set(kept);
    }
    return same;
  }

  private boolean same(int place, Cell kept, Field field, byte[] data, int[] starts, int[] lengths)
      throws SQLException {
    BackColumn column = table.columns.get(place);
    ColumnEncoder encoder = encoders.get(place);
    int start = starts[place];
    int length = lengths[place];
    if (length < 0) {
      return comparison.becomesNull(encoder, kept);
    }
    ServerReadings readings = table.readings;
    if (column.readByServer() && readings != null) {
      if (encode(encoder, kept) < 0) {
        return false;
      }
      return Arrays.equals(
          readings.became(place, buffer.data(), 4, buffer.size() - 4),
          readings.hash(data, start, length));
    }
    if (column.raw()) {
      int raw = table.rawField(place);
      int size = encode(encoder, kept);
      return size >= 0
          && Arrays.equals(
              buffer.data(), 4, 4 + size, data, starts[raw], starts[raw] + lengths[raw]);
    }
    return !comparison.forward(column, encoder, kept, field, data, start, length).rejected();
  }

  /** How many bytes are sent of a value; negative for none. */
  private int encode(ColumnEncoder encoder, Cell kept) {
    buffer.truncate(0);
    return encoder.encode(kept, buffer).rejected() ? -1 : ByteBuffer.wrap(buffer.data()).getInt(0);
  }

  @Override
  public void close() throws SQLException {
    select.close();
  }
}
