package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.scratch.RowIds;
import dev.wharfinger.runner.transfer.scratch.Scratch;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** A source table and where it goes. */
final class TableMapping {
  /** SQLite takes statements of a million bytes. */
  private static final int MOST_LISTED = 40_000;

  final SourceTable source;
  final TargetTable target;
  final List<ColumnMapping> columns;

  /** Columns of the source that the target computes by itself. */
  List<ColumnMapping> computed = List.of();

  /** Rows that stay behind, because a policy says so. */
  final RowIds dropped;

  /** Those of them that are kept aside; the mark is the place of what is wrong with them. */
  final RowIds quarantined;

  private final List<Refusal> refusals;

  /** What is wrong with a row. */
  record Refusal(String column, String rule) {}

  /** Where the plan would divide its rows. */
  final Cuts cuts = new Cuts();

  long rows;
  long bytes;
  long replacedRows;
  TupleHash hash = new TupleHash(new boolean[0]);

  /** A table of which nothing is known yet. */
  TableMapping(
      SourceTable source, TargetTable target, List<ColumnMapping> columns, Scratch scratch) {
    this.source = source;
    this.target = target;
    this.columns = columns;
    this.dropped = new RowIds(scratch);
    this.quarantined = new RowIds(scratch);
    this.refusals = new ArrayList<>();
  }

  /** The same table in another way: what is known of its rows is known of both. */
  private TableMapping(TableMapping whole, List<ColumnMapping> columns) {
    this.source = whole.source;
    this.target = whole.target;
    this.columns = columns;
    this.dropped = whole.dropped;
    this.quarantined = whole.quarantined;
    this.refusals = whole.refusals;
    this.rows = whole.rows;
    this.computed = whole.computed;
  }

  /** The same table, with columns that know what has to be known of them as a whole. */
  TableMapping informed(SourceDatabase database) throws SQLException {
    List<ColumnMapping> informed = new ArrayList<>();
    for (ColumnMapping column : columns) {
      ColumnFacts facts =
          column.wantsFacts()
              ? database.facts(source.name(), column.source.name())
              : ColumnFacts.NONE;
      informed.add(
          ColumnMapping.of(
              column.source, column.target, facts, column.choices, database.scratch()));
    }
    // What was refused without knowing that may not be refused now.
    dropped.clear();
    quarantined.clear();
    TableMapping table = new TableMapping(source, target, informed, database.scratch());
    table.replacedRows = replacedRows;
    table.computed = computed;
    return table;
  }

  /** The same table with some of its columns. */
  TableMapping narrowed(List<ColumnMapping> some) {
    return new TableMapping(this, some);
  }

  /** Whether these target columns are all there, in their own types. */
  boolean plain(List<String> names) {
    return names.stream()
        .allMatch(name -> byTarget(name).filter(c -> !c.readByServer()).isPresent());
  }

  /** The same for another thread: encoders may keep what they are working on. */
  TableMapping forWorker() {
    TableMapping own =
        new TableMapping(this, columns.stream().map(ColumnMapping::forWorker).toList());
    own.replacedRows = replacedRows;
    return own;
  }

  /** The same table, of whose rows nothing is known. */
  TableMapping anew() throws SQLException {
    dropped.clear();
    quarantined.clear();
    refusals.clear();
    TableMapping own = forWorker();
    own.rows = 0;
    return own;
  }

  /** What tells rows apart, as SQL; NULL where there is nothing. */
  String rowid() {
    return source.rowidAlias().isEmpty() ? "NULL" : source.rowidAlias();
  }

  /** Reads the mapped columns, after the rowid where there is one. */
  String selectSql() {
    return selectSql("");
  }

  /**
   * The same for some of the rows.
   *
   * @param where a condition with its WHERE; empty for all rows
   */
  String selectSql(String where) {
    return columns.stream()
        .map(TableMapping::expression)
        .collect(
            Collectors.joining(
                ", ",
                "SELECT " + rowid() + ", ",
                // In the order of the rows themselves: a place must mean the same row everywhere.
                " FROM " + Quoting.name(source.name()) + " NOT INDEXED" + where + order()));
  }

  /**
   * Where rows have no number their place is their name, so every query must read them in one
   * order.
   */
  String order() {
    return source.withoutRowid()
        ? source.columns().stream()
            .filter(column -> column.primaryKey() > 0)
            .sorted(Comparator.comparingInt(SourceColumn::primaryKey))
            .map(column -> Quoting.name(column.name()))
            .collect(Collectors.joining(", ", " ORDER BY ", ""))
        : "";
  }

  private static String expression(ColumnMapping column) {
    return expression(Quoting.name(column.source.name()), column.target.type());
  }

  /**
   * SQLite's own binary form of JSON is a blob; its text is what is meant. Bytes that are JSON both
   * ways stay as they are, and the encoder refuses them.
   *
   * @param name the column as SQL
   * @param type name of the target's type
   */
  static String expression(String name, String type) {
    return type.startsWith("json")
        ? ("CASE WHEN typeof(%1$s)='blob' AND json_valid(%1$s,8)"
                + " AND NOT json_valid(CAST(%1$s AS TEXT)) THEN json(%1$s) ELSE %1$s END")
            .formatted(name)
        : name;
  }

  /** Whether the server makes values of texts, so that they go through a table of texts first. */
  boolean staged() {
    return columns.stream().anyMatch(ColumnMapping::readByServer);
  }

  /** Adds a finding for a value that cannot arrive, or keeps its row aside. */
  void refuse(ColumnMapping column, String rule, Cell cell, long row, Findings findings)
      throws SQLException {
    if (column.encoder.quarantines(rule, cell)) {
      quarantine(row, column.source.name(), rule);
    } else {
      findings.add(source.name(), column.source.name(), rule, row);
      if (!column.target.labels().isEmpty()) {
        findings.explain(
            source.name(), column.source.name(), rule, "labels: " + column.target.labels());
      }
    }
  }

  /** Keeps a row aside; of several reasons the first is told. */
  void quarantine(long row, String column, String rule) throws SQLException {
    Refusal refusal = new Refusal(column, rule);
    if (!refusals.contains(refusal)) {
      refusals.add(refusal);
    }
    quarantined.add(row, refusals.indexOf(refusal));
    dropped.add(row);
  }

  /** What is wrong with a row that is kept aside; empty for any other. */
  Optional<Refusal> refusal(long row) throws SQLException {
    int mark = quarantined.mark(row);
    return mark == RowIds.NONE ? Optional.empty() : Optional.of(refusals.get(mark));
  }

  /** What is done with each row that is kept aside. */
  interface AsideAction {
    /** Called once a row. */
    void row(long row, Refusal why);
  }

  /** Every row that is kept aside, in the order of their numbers. */
  void eachAside(AsideAction action) throws SQLException {
    quarantined.forEach((row, mark) -> action.row(row, refusals.get(mark)));
  }

  /** A condition on the rows that are to arrive, as SQLite's SQL; none where it gets too long. */
  Optional<String> arriving() throws SQLException {
    if (dropped.isEmpty()) {
      return Optional.of("");
    }
    if (source.rowidAlias().isEmpty() || dropped.size() > MOST_LISTED) {
      return Optional.empty();
    }
    StringJoiner all = new StringJoiner(", ", " WHERE " + rowid() + " NOT IN (", ")");
    dropped.forEach((row, mark) -> all.add(Long.toString(row)));
    return Optional.of(all.toString());
  }

  /** Rows that are to arrive. */
  long moved() {
    return rows - dropped.size();
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
