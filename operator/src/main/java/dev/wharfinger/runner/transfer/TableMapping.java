package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A source table and where it goes. */
final class TableMapping {
  final SourceTable source;
  final TargetTable target;
  final List<ColumnMapping> columns;
  long rows;
  long bytes;
  long replacedRows;
  TupleHash hash = new TupleHash(new boolean[0]);

  TableMapping(SourceTable source, TargetTable target, List<ColumnMapping> columns) {
    this.source = source;
    this.target = target;
    this.columns = columns;
  }

  /** The same table, with columns that know what has to be known of them as a whole. */
  TableMapping informed(SourceDatabase database) throws SQLException {
    List<ColumnMapping> informed = new ArrayList<>();
    for (ColumnMapping column : columns) {
      ColumnFacts facts =
          column.wantsFacts()
              ? database.facts(source.name(), column.source.name())
              : ColumnFacts.NONE;
      informed.add(ColumnMapping.of(column.source, column.target, facts));
    }
    TableMapping table = new TableMapping(source, target, informed);
    table.replacedRows = replacedRows;
    return table;
  }

  /** Reads the mapped columns, after the rowid where there is one. */
  String selectSql() {
    String rowid = source.rowidAlias().isEmpty() ? "NULL" : source.rowidAlias();
    return columns.stream()
        .map(TableMapping::expression)
        .collect(
            Collectors.joining(
                ", ", "SELECT " + rowid + ", ", " FROM " + Quoting.name(source.name())));
  }

  private static String expression(ColumnMapping column) {
    String name = Quoting.name(column.source.name());
    // SQLite's own binary form of JSON is a blob; its text is what is meant.
    return column.target.type().startsWith("json")
        ? "CASE WHEN typeof(%1$s)='blob' AND json_valid(%1$s,8) THEN json(%1$s) ELSE %1$s END"
            .formatted(name)
        : name;
  }

  /** Target columns as SQL, in the order of {@link #columns}. */
  String targetColumns() {
    return columns.stream()
        .map(column -> Quoting.name(column.target.name()))
        .collect(Collectors.joining(", "));
  }

  /** Which fields are jsonb, whose bytes do not come back as they were sent. */
  boolean[] jsonb() {
    boolean[] jsonb = new boolean[columns.size()];
    for (int i = 0; i < jsonb.length; i++) {
      jsonb[i] = columns.get(i).target.type().equals("jsonb");
    }
    return jsonb;
  }

  /** The mapping of a target column. */
  Optional<ColumnMapping> byTarget(String name) {
    return columns.stream().filter(c -> c.target.name().equals(name)).findFirst();
  }
}
