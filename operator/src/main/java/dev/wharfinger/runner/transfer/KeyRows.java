package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.ValueEncoder;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.scratch.Numbers;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /** What is done with each row without a parent. */
  interface RowAction {
    /** Called once a row. */
    void row(long row) throws SQLException;
  }

  /** What is done with the hash of each key. */
  private interface HashAction {
    void accept(long hash, long row) throws SQLException;
  }

  /**
   * Looks for rows without a parent.
   *
   * @param named how many of them the result names
   * @param action what is done with all of them; null where nothing is
   */
  Missing missing(int named, @Nullable RowAction action) throws Exception {
    boolean names = action == null || !childTable.source.rowidAlias().isEmpty();
    if (names && whole(childTable) && whole(parentTable) && KeySql.suits(child, parent)) {
      return new KeySql(source, childTable, parentTable, child, parent).missing(named, action);
    }
    Tally tally = new Tally(named, action);
    try (Numbers parents = new Numbers(source.scratch())) {
      each(parentTable, parent, (hash, row) -> parents.add(hash));
      if (parents.inMemory()) {
        each(
            childTable,
            child,
            (hash, row) -> {
              if (!parents.contains(hash)) {
                tally.add(hash, row);
              }
            });
      } else {
        apart(parents, tally);
      }
    }
    return tally.missing();
  }

  /** Whether all rows arrive, with all that they refer to. */
  private static boolean whole(TableMapping table) {
    return table.dropped.isEmpty() && table.columns.stream().allMatch(c -> c.nulled.isEmpty());
  }

  /** Both sides in one order, beside each other: there are too many parents to look for one. */
  private void apart(Numbers parents, Tally tally) throws Exception {
    try (Numbers children = Numbers.outside(source.scratch())) {
      each(childTable, child, children::add);
      try (Numbers.Walk rows = children.walk();
          Numbers.Walk there = parents.walk()) {
        boolean more = there.next();
        while (rows.next()) {
          while (more && there.number() < rows.number()) {
            more = there.next();
          }
          if (!more || there.number() != rows.number()) {
            tally.add(rows.number(), rows.row());
          }
        }
      }
    }
  }

  private void each(TableMapping table, List<ColumnMapping> columns, HashAction action)
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
    return cell.storage() == Storage.NULL
        || verdict == ValueEncoder.EMPTY_TO_NULL
        || verdict == ValueEncoder.BLANK_TO_NULL;
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
