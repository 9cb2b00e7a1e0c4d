package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.Mapping.Pair;
import dev.wharfinger.runner.transfer.Target.ForeignKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Tries everything without writing, and gathers all that is in the way in one pass. */
final class Planner {
  /** Whose content must be equal on both sides, and the columns that say it. */
  private static final java.util.Map<String, List<String>> COMPARED =
      java.util.Map.of(
          "alembic_version", List.of("version_num"),
          "django_migrations", List.of("app", "name"),
          "knex_migrations", List.of("name"),
          "seaql_migrations", List.of("version"));

  private final Source source;
  private final Target target;
  private final Mapping mapping;
  private final Report report;

  Planner(Source source, Target target, Mapping mapping, Report report) {
    this.source = source;
    this.target = target;
    this.mapping = mapping;
    this.report = report;
  }

  /** Fills the report. */
  void run() throws Exception {
    report.skipped.addAll(source.skipped());
    compareSchemas();
    compareRevisions();
    orphans();
    for (Pair pair : mapping.pairs()) {
      RowEncoder encoder = new RowEncoder(pair, report);
      source.read(pair.source(), pair.sourceColumns(), encoder::encode);
      Report.Table table = encoder.finish();
      table.replacedRows = target.count(pair.target().name());
      report.rows += table.rows;
      report.tables.add(table);
    }
  }

  private void compareSchemas() throws SQLException {
    for (SourceTable table : mapping.unmatched()) {
      if (source.count(table.name()) > 0) {
        report.find(table.name(), null, "the target has no such table");
      }
    }
    for (Pair pair : mapping.pairs()) {
      boolean empty = source.count(pair.source().name()) == 0;
      for (SourceTable.SourceColumn column : pair.extra()) {
        for (long rowid : filled(pair.source(), column.name())) {
          report.find(pair.source().name(), column.name(), "the target has no such column", rowid);
        }
      }
      if (!empty) {
        pair.missing()
            .forEach(column ->
                report.find(
                    pair.source().name(),
                    column.name(),
                    "NOT NULL in the target, and the source lacks it"));
      }
    }
  }

  private List<Long> filled(SourceTable table, String column) throws SQLException {
    return source.rowids(
        "SELECT "
            + id(table)
            + " FROM "
            + Sql.quote(table.name())
            + " WHERE "
            + Sql.quote(column)
            + " IS NOT NULL");
  }

  private void compareRevisions() throws SQLException {
    for (Pair pair : mapping.bookkeeping()) {
      String name = pair.source().name();
      List<String> columns = COMPARED.get(name);
      if (columns == null) {
        report.skipped.add(name);
        continue;
      }
      Set<String> here = new TreeSet<>(source.rowsAsText(name, columns));
      Set<String> there = new TreeSet<>(target.rowsAsText(pair.target().name(), columns));
      report.revisions.put(name, here.equals(there) ? "equal" : "different");
      if (!here.equals(there)) {
        Set<String> onlyHere = new TreeSet<>(here);
        onlyHere.removeAll(there);
        Set<String> onlyThere = new TreeSet<>(there);
        onlyThere.removeAll(here);
        report.find(
            name,
            null,
            "schema revisions differ: only in the source "
                + onlyHere
                + ", only in the target "
                + onlyThere
                + "; bring both to the same revision");
      }
    }
  }

  /**
   * The target's foreign keys against the source's rows: SQLite checks none unless it is told to.
   */
  private void orphans() throws SQLException {
    for (ForeignKey key : target.foreignKeyColumns()) {
      Pair child = pair(key.table());
      Pair parent = pair(key.parent());
      if (child == null || parent == null) {
        continue;
      }
      List<String> childColumns = sourceNames(child, key.columns());
      List<String> parentColumns = sourceNames(parent, key.parentColumns());
      if (childColumns.size() != key.columns().size()
          || parentColumns.size() != key.parentColumns().size()) {
        continue;
      }
      for (long rowid : source.rowids(orphanQuery(child, childColumns, parent, parentColumns))) {
        report.find(
            key.table(),
            String.join(", ", key.columns()),
            "no row in " + key.parent() + " (foreign key " + key.name() + ")",
            rowid);
      }
    }
  }

  private static String orphanQuery(
      Pair child, List<String> columns, Pair parent, List<String> parents) {
    List<String> filled = new ArrayList<>();
    List<String> equal = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      filled.add("c." + Sql.quote(columns.get(i)) + " IS NOT NULL");
      equal.add("p." + Sql.quote(parents.get(i)) + " = c." + Sql.quote(columns.get(i)));
    }
    String id = child.source().rowid().isEmpty() ? "0" : "c." + child.source().rowid();
    return "SELECT "
        + id
        + " FROM "
        + Sql.quote(child.source().name())
        + " c WHERE "
        + String.join(" AND ", filled)
        + " AND NOT EXISTS (SELECT 1 FROM "
        + Sql.quote(parent.source().name())
        + " p WHERE "
        + String.join(" AND ", equal)
        + ")";
  }

  private static String id(SourceTable table) {
    return table.rowid().isEmpty() ? "0" : table.rowid();
  }

  private static List<String> sourceNames(Pair pair, List<String> targetNames) {
    return targetNames.stream()
        .flatMap(name -> pair.columns().stream().filter(c -> c.target().name().equals(name)))
        .map(c -> c.source().name())
        .toList();
  }

  private @org.jspecify.annotations.Nullable Pair pair(String table) {
    return mapping.pairs().stream()
        .filter(p -> p.target().name().equals(table))
        .findFirst()
        .orElse(null);
  }
}
