package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks SQLite for rows without a parent, where what is equal to it is equal to PostgreSQL. */
record KeySql(
    SourceDatabase source,
    TableMapping childTable,
    TableMapping parentTable,
    List<ColumnMapping> child,
    List<ColumnMapping> parent) {
  /** Whether all values of both sides are of one storage class, and arrive as they are. */
  static boolean suits(List<ColumnMapping> child, List<ColumnMapping> parent) {
    for (int i = 0; i < child.size(); i++) {
      Storage only = only(child.get(i));
      Storage other = only(parent.get(i));
      if (only == Storage.REAL || (only != other && only != Storage.NULL)) {
        return false;
      }
      boolean exact =
          child.get(i).arrivesAsItIs()
              && parent.get(i).arrivesAsItIs()
              && !KeyRows.kind(child.get(i)).startsWith("timestamp");
      if (!exact) {
        return false;
      }
    }
    return true;
  }

  private static Storage only(ColumnMapping column) {
    List<Storage> seen =
        Arrays.stream(Storage.values())
            .filter(one -> one != Storage.NULL && column.storage(one) > 0)
            .toList();
    return seen.isEmpty() ? Storage.NULL : seen.size() == 1 ? seen.getFirst() : Storage.REAL;
  }

  /** As {@link KeyRows#missing}; with an action, rows have numbers. */
  KeyRows.Missing missing(int named, KeyRows.@Nullable RowAction action) throws Exception {
    String keys = names(child, " COLLATE BINARY");
    String where =
        " FROM %s%s WHERE %s AND (%s) NOT IN (SELECT %s FROM %s WHERE %s)"
            .formatted(
                Quoting.name(childTable.source.name()),
                // In the order of their numbers they are remembered best.
                action == null ? "" : " NOT INDEXED",
                present(child),
                keys,
                names(parent, ""),
                Quoting.name(parentTable.source.name()),
                present(parent));
    if (action != null) {
      return all(where, named, action);
    }
    long count = source.number("SELECT count(*)" + where);
    List<Long> rows = new ArrayList<>();
    if (count > 0 && !childTable.source.rowidAlias().isEmpty()) {
      String select = "SELECT " + childTable.rowid() + where + " LIMIT " + named;
      Cell cell = new Cell();
      source.forEach(
          select,
          row -> {
            row.read(0, cell);
            rows.add(cell.integer());
          });
    }
    long largest =
        count == 0
            ? 0
            : source.number(
                "SELECT count(*)" + where + " GROUP BY " + keys + " ORDER BY 1 DESC LIMIT 1");
    return new KeyRows.Missing(count, rows, largest, true);
  }

  private KeyRows.Missing all(String where, int named, KeyRows.RowAction action) throws Exception {
    List<Long> rows = new ArrayList<>();
    long[] count = {0};
    Cell cell = new Cell();
    source.forEach(
        "SELECT " + childTable.rowid() + where,
        row -> {
          row.read(0, cell);
          count[0]++;
          if (rows.size() < named) {
            rows.add(cell.integer());
          }
          action.row(cell.integer());
        });
    // How many refer to one and the same is asked where a person has to decide.
    return new KeyRows.Missing(count[0], rows, 0, true);
  }

  private static String present(List<ColumnMapping> columns) {
    return columns.stream()
        .map(column -> Quoting.name(column.source.name()) + " IS NOT NULL")
        .collect(Collectors.joining(" AND "));
  }

  static String names(List<ColumnMapping> columns, String more) {
    return columns.stream()
        .map(column -> Quoting.name(column.source.name()) + more)
        .collect(Collectors.joining(", "));
  }
}
