package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Bookkeeping;
import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Mapping;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetColumn;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Which table of PostgreSQL goes where; names match as they do on the way forward. */
final class BackMapping {
  private final SourceSnapshot source;
  private final LikeFile like;
  private final Findings findings;
  private final BinaryOperator<String> chosen;

  /** Tables that are moved. */
  final List<BackTable> tables = new ArrayList<>();

  /** Bookkeeping tables of the file with those of PostgreSQL, which may be missing. */
  final Map<SourceTable, @Nullable TargetTable> bookkeeping = new LinkedHashMap<>();

  /** Tables whose rows the file keeps. */
  final List<SourceTable> kept = new ArrayList<>();

  /** What is left alone, with the reason. */
  final Map<String, String> skipped = new LinkedHashMap<>();

  /** A mapping; {@code chosen} knows the format somebody chose for table and column, or "". */
  BackMapping(
      SourceSnapshot source, LikeFile like, Findings findings, BinaryOperator<String> chosen) {
    this.source = source;
    this.like = like;
    this.findings = findings;
    this.chosen = chosen;
  }

  /** Maps everything; {@code derived} where the file's schema was made from PostgreSQL's. */
  void build(boolean derived) throws SQLException {
    Set<String> used = new HashSet<>();
    for (SourceTable table : like.catalog().tables()) {
      TargetTable match = Mapping.match(table.name(), source.catalog().tables(), TargetTable::name);
      if (match != null) {
        used.add(match.name());
      }
      if (Bookkeeping.is(table) && !derived) {
        bookkeeping.put(table, match);
        kept.add(table);
        skipped.put(table.name(), "bookkeeping of a migration tool; the file's own is kept");
      } else if (match == null && source.isView(table.name())) {
        findings.add(table.name(), "", "table-out-of-reach", "it is a view");
      } else if (match == null) {
        kept.add(table);
        skipped.put(table.name(), "only in the SQLite file, which keeps its rows");
      } else if (checkpoints(match)) {
        findings.add(table.name(), "", "table-not-row-mappable", "a LangGraph checkpoint store");
      } else {
        tables.add(map(table, match));
      }
    }
    for (TargetTable table : source.catalog().tables()) {
      if (!used.contains(table.name())) {
        missing(table);
      }
    }
  }

  private boolean checkpoints(TargetTable table) throws SQLException {
    return table.name().equals("checkpoints")
        && column(table, "thread_id").isPresent()
        && column(table, "checkpoint_ns").isPresent()
        && source.count(table) > 0;
  }

  private static Optional<TargetColumn> column(TargetTable table, String name) {
    return table.columns().stream().filter(column -> column.name().equals(name)).findFirst();
  }

  private void missing(TargetTable table) throws SQLException {
    if (Bookkeeping.is(table)) {
      skipped.put(table.name(), "bookkeeping of a migration tool, and not in the SQLite file");
      return;
    }
    long rows = source.count(table);
    if (rows > 0) {
      findings.add(table.name(), "", "table-missing-in-target", rows + " rows");
    } else {
      skipped.put(table.name(), "empty, and not in the SQLite file");
    }
  }

  private BackTable map(SourceTable table, TargetTable target) throws SQLException {
    List<BackColumn> columns = new ArrayList<>();
    List<BackColumn> computed = new ArrayList<>();
    List<SourceColumn> onlyInFile = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (SourceColumn column : table.columns()) {
      TargetColumn match = Mapping.match(column.name(), target.columns(), TargetColumn::name);
      if (match == null) {
        lonely(table, target, column, onlyInFile);
        continue;
      }
      used.add(match.name());
      BackColumn pair =
          BackColumn.of(
              match,
              column,
              like.affinity(table, column),
              chosen.apply(table.name(), column.name()));
      (column.generated() ? computed : columns).add(pair);
      if (pair.candidates.isEmpty() && values(target, match) > 0) {
        findings.add(table.name(), column.name(), "target-type-not-supported", match.formatted());
      }
    }
    for (TargetColumn column : target.columns()) {
      if (!used.contains(column.name())) {
        missing(target, column);
      }
    }
    columns.addAll(computed);
    columns.removeIf(column -> column.candidates.isEmpty());
    return new BackTable(target, table, columns, onlyInFile);
  }

  private void lonely(
      SourceTable table, TargetTable target, SourceColumn column, List<SourceColumn> onlyInFile)
      throws SQLException {
    String name = table.name() + "." + column.name();
    if (column.generated()) {
      skipped.put(name, "only in the SQLite file, which computes it");
    } else if (column.notNull() && column.defaultText().isEmpty() && source.count(target) > 0) {
      findings.add(
          table.name(), column.name(), "target-column-needs-a-value", column.declaredType());
    } else {
      onlyInFile.add(column);
      skipped.put(
          name, "only in the SQLite file; its rows keep their values, and others get the default");
    }
  }

  private long values(TargetTable table, TargetColumn column) throws SQLException {
    return Sql.number(
        source.connection(),
        "SELECT count(%s) FROM %s".formatted(Quoting.name(column.name()), table.sql()));
  }

  private void missing(TargetTable table, TargetColumn column) throws SQLException {
    long values = column.generated() ? 0 : values(table, column);
    if (values > 0) {
      findings.add(
          table.name(), column.name(), "column-missing-in-target", values + " rows have a value");
    } else {
      skipped.put(
          table.name() + "." + column.name(),
          column.generated()
              ? "generated, and not in the SQLite file"
              : "empty, and not in the SQLite file");
    }
  }
}
