package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The two sides of a foreign key, row by row, as they will arrive.
 *
 * @param child referring columns
 * @param parent columns referred to, in the same order
 */
record KeyRows(
    SourceDatabase source,
    TableMapping childTable,
    TableMapping parentTable,
    List<ColumnMapping> child,
    List<ColumnMapping> parent) {
  /** More distinct missing parents than this are not counted one by one. */
  private static final int MOST_COUNTED = 10_000;

  /**
   * Rows without a parent.
   *
   * @param rows some of them, or all
   * @param largest how many at most refer to the same missing parent
   * @param exact whether values were compared, and not short hashes of them
   */
  record Missing(long count, List<Long> rows, long largest, boolean exact) {}

  /** A key whose columns can be compared by their bytes; the server checks the others. */
  static Optional<KeyRows> of(
      SourceDatabase source, TargetForeignKey key, TableMapping child, TableMapping parent) {
    List<ColumnMapping> from = new ArrayList<>();
    List<ColumnMapping> to = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      var one = child.byTarget(key.columns().get(i));
      var other = parent.byTarget(key.parentColumns().get(i));
      if (one.isEmpty() || other.isEmpty() || !comparable(one.get(), other.get())) {
        return Optional.empty();
      }
      from.add(one.get());
      to.add(other.get());
    }
    return Optional.of(new KeyRows(source, child, parent, from, to));
  }

  private static boolean comparable(ColumnMapping one, ColumnMapping other) {
    String kind = kind(one);
    return !kind.isEmpty() && kind.equals(kind(other));
  }

  static String kind(ColumnMapping column) {
    String type = column.target.type();
    return switch (type) {
      case "int2", "int4", "int8" -> "integer";
      case "text", "varchar" -> "text";
      case "uuid", "bytea", "bool", "date", "timestamp", "timestamptz" -> type;
      default -> "";
    };
  }

  /**
   * Looks for rows without a parent.
   *
   * @param all whether all their row ids are wanted
   */
  Missing missing(boolean all) throws Exception {
    boolean whole = parentTable.dropped.isEmpty() && childTable.dropped.isEmpty();
    if (!all && whole && KeySql.suits(child, parent)) {
      return new KeySql(source, childTable, parentTable, child, parent).missing();
    }
    long[] keys = parentKeys();
    List<Long> rows = new ArrayList<>();
    long[] count = {0};
    Map<Long, Long> values = new HashMap<>();
    each(
        childTable,
        child,
        (hash, row) -> {
          if (Arrays.binarySearch(keys, hash) < 0) {
            count[0]++;
            if (all || rows.size() < Findings.MAX_ROWS) {
              rows.add(row);
            }
            if (values.size() < MOST_COUNTED) {
              values.merge(hash, 1L, Long::sum);
            }
          }
        });
    long largest = values.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return new Missing(count[0], rows, largest, false);
  }

  private long[] parentKeys() throws Exception {
    long[][] keys = {new long[1024]};
    int[] size = {0};
    each(
        parentTable,
        parent,
        (hash, row) -> {
          if (size[0] == keys[0].length) {
            keys[0] = Arrays.copyOf(keys[0], 2 * size[0]);
          }
          keys[0][size[0]++] = hash;
        });
    long[] sorted = Arrays.copyOf(keys[0], size[0]);
    Arrays.sort(sorted);
    return sorted;
  }

  private void each(TableMapping table, List<ColumnMapping> columns, BiConsumer<Long, Long> action)
      throws Exception {
    Cell cell = new Cell();
    RowBuffer buffer = new RowBuffer();
    long[] place = {0};
    // In the order of the rows themselves: a place must mean the same row in every query.
    String select =
        "SELECT %s, %s FROM %s NOT INDEXED%s"
            .formatted(
                table.rowid(),
                KeySql.names(columns, ""),
                Quoting.name(table.source.name()),
                table.order());
    source.forEach(
        select,
        row -> {
          place[0]++;
          row.read(0, cell);
          long id = cell.storage() == Storage.INTEGER ? cell.integer() : place[0];
          buffer.truncate(0);
          boolean counts = !table.dropped.contains(id);
          for (int i = 0; i < columns.size() && counts; i++) {
            row.read(i + 1, cell);
            counts = !columns.get(i).nulled.contains(id) && write(columns.get(i), cell, i, buffer);
          }
          if (counts) {
            action.accept(hash(buffer), id);
          }
        });
  }

  /**
   * Writes a value, as its own column lets it arrive, in the form of the parent's type, so that
   * equal ones are equal; no for one that arrives as NULL.
   */
  private boolean write(ColumnMapping own, Cell cell, int column, RowBuffer buffer) {
    int start = buffer.size();
    if (own != parent.get(column)) {
      Verdict verdict = own.encoder.encode(cell, buffer);
      buffer.truncate(start);
      if (!verdict.rejected() && isNull(verdict, cell)) {
        return false;
      }
    }
    Verdict verdict = parent.get(column).encoder.encode(cell, buffer);
    if (verdict.rejected()) {
      buffer.truncate(start);
      buffer.putByte(cell.storage().ordinal());
      return cell.storage() != Storage.NULL;
    }
    return !isNull(verdict, cell);
  }

  private static boolean isNull(Verdict verdict, Cell cell) {
    return cell.storage() == Storage.NULL || verdict.rule().equals("empty-text-to-null");
  }

  private static long hash(RowBuffer buffer) {
    long hash = 0x9E3779B97F4A7C15L;
    for (int i = 0; i < buffer.size(); i++) {
      hash = (hash ^ (buffer.data()[i] & 0xff)) * 0xFF51AFD7ED558CCDL;
      hash ^= hash >>> 32;
    }
    return hash;
  }
}
