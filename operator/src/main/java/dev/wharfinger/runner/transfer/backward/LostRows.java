package dev.wharfinger.runner.transfer.backward;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.transfer.Bookkeeping;
import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Meter;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts into a report what using a file as it is would lose. The schemas may differ: what only
 * PostgreSQL has is lost with them.
 */
final class LostRows {
  private final SourceSnapshot source;
  private final Report report;
  private final Meter meter;

  LostRows(SourceSnapshot source, Report report, Meter meter) {
    this.source = source;
    this.report = report;
    this.meter = meter;
  }

  void count(Path file) throws Exception {
    meter.phase("comparing");
    LikeFile like = LikeFile.open(file);
    try {
      Findings findings = new Findings();
      BackMapping mapping = new BackMapping(source, like, findings, (table, column) -> "");
      mapping.build(false);
      revisions(mapping, like);
      settle(mapping.tables, like);
      Map<String, long[]> differences = RowDifference.of(file, source, mapping.tables, meter);
      Set<String> compared = new HashSet<>();
      for (BackTable table : mapping.tables) {
        compared.add(table.postgres.name());
        long[] difference = differences.getOrDefault(table.sqlite.name(), new long[2]);
        add(table.sqlite.name(), difference[0], difference[1]);
      }
      for (TargetTable table : source.catalog().tables()) {
        if (!compared.contains(table.name()) && !Bookkeeping.is(table)) {
          add(table.name(), source.count(table), 0);
        }
      }
      elsewhere(source.catalog());
      columns(findings);
      report.json().put("compared", true);
    } finally {
      like.database().abandon();
    }
  }

  /** Tables that no move takes: of other schemas, in partitions, foreign, or inheriting. */
  private void elsewhere(TargetCatalog catalog) throws SQLException {
    Map<String, String> tables = new LinkedHashMap<>();
    Sql.each(
        source.connection(),
        """
        SELECT CASE WHEN n.nspname = %1$s THEN c.relname ELSE n.nspname || '.' || c.relname END,
               format('ONLY %%I.%%I', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'f')
          AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'wharfinger')
          AND n.nspname !~ '^pg_(toast|temp)'
          AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
          AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 1\
        """
            .formatted(Sql.literal(catalog.schema())),
        row -> tables.put(row.getString(1), row.getString(2)));
    catalog.tables().forEach(known -> tables.remove(known.name()));
    for (Map.Entry<String, String> table : tables.entrySet()) {
      add(
          table.getKey(),
          Sql.number(source.connection(), "SELECT count(*) FROM " + table.getValue()),
          0);
    }
  }

  /** Numbers that stand for times or intervals count as what the move forward took them for. */
  private void settle(List<BackTable> tables, LikeFile like) throws Exception {
    try (StoredForm form = new StoredForm()) {
      EarlierMove earlier = EarlierMove.of(source.connection());
      new FormatChoice(
              source.connection(),
              like,
              earlier,
              earlier.formats(),
              Map.of(),
              Optional.empty(),
              form,
              new Findings())
          .settle(tables);
    }
  }

  private void add(String table, long onlyInPostgresql, long onlyInFile) {
    ((ArrayNode) report.json().get("tables"))
        .addObject()
        .put("name", table)
        .put("onlyInPostgresql", onlyInPostgresql)
        .put("onlyInFile", onlyInFile);
  }

  /** Rows are compared by the columns that both have. */
  private void columns(Findings findings) {
    ArrayNode columns = ((ObjectNode) report.json()).putArray("columnsOnlyInPostgresql");
    findings.all().keySet().stream()
        .filter(key -> !key.table().isEmpty() && !key.column().isEmpty())
        .filter(key -> !key.rule().equals("target-column-needs-a-value"))
        .map(key -> key.table() + "." + key.column())
        .forEach(columns::add);
  }

  /** What the application finds there: its migration tool may have to work on the file again. */
  private void revisions(BackMapping mapping, LikeFile like) throws Exception {
    for (var entry : mapping.bookkeeping.entrySet()) {
      Bookkeeping.Revision revision =
          Bookkeeping.compare(
              like.database(), entry.getKey(), source.connection(), entry.getValue());
      if (revision != null && revision.target() != null) {
        Bookkeeping.Revision turned =
            new Bookkeeping.Revision(revision.table(), revision.target(), revision.source());
        report.revision(turned);
        if (!turned.equal()) {
          report.note(turned.table() + " differs: " + turned.difference());
        }
      }
    }
  }
}
