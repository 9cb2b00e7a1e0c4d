package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Meter;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.TupleHash;
import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.sqlite.IntegrityCheck;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the finished file as any other reader would and compares it with what was sent. */
final class Verification {
  private final SourceDatabase made;
  private final Findings findings;
  private final Report report;
  private final Meter meter;

  private Verification(SourceDatabase made, Findings findings, Report report, Meter meter) {
    this.made = made;
    this.findings = findings;
    this.report = report;
    this.meter = meter;
  }

  static void run(Path file, List<BackTable> tables, Findings findings, Report report, Meter meter)
      throws Exception {
    SourceDatabase made = SourceDatabase.open(file);
    try {
      Verification verification = new Verification(made, findings, report, meter);
      verification.check();
      for (BackTable table : tables) {
        verification.readBack(table);
      }
    } finally {
      made.closeCopy();
    }
  }

  private void check() throws SQLException {
    IntegrityCheck check = IntegrityCheck.of(made);
    if (!check.problems().isEmpty()) {
      throw new SQLException("the new file is damaged: " + check.problems().getFirst());
    }
    check
        .unchecked()
        .forEach(table ->
            report.note(
                table.startsWith("unable ")
                    ? table
                    : "table " + table + " uses a function of the application; not checked"));
    Map<String, Long> orphans = new TreeMap<>();
    try (Statement statement = made.connection().createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA foreign_key_check")) {
      while (rows.next()) {
        orphans.merge(rows.getString(1) + "\n" + rows.getString(3), 1L, Long::sum);
      }
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("foreign key mismatch")) {
        throw e;
      }
      report.note("foreign keys were not checked: " + SqliteErrors.brief(e));
    }
    orphans.forEach((key, count) -> {
      String[] both = key.split("\n");
      findings.addAll(
          both[0], "", "parent-row-missing", count, List.of(), "no such row in " + both[1]);
    });
  }

  private void readBack(BackTable table) throws Exception {
    int stored = table.stored().size();
    TupleHash written = new TupleHash(new boolean[stored]);
    TupleHash computed = new TupleHash(new boolean[table.columns.size() - stored]);
    Cell cell = new Cell();
    RowBuffer tuple = new RowBuffer();
    if (table.columns.isEmpty()) {
      return;
    }
    made.forEach(
        table.readBackSql(),
        row -> {
          tuple.truncate(0);
          int split = 0;
          for (int i = 0; i < table.columns.size(); i++) {
            split = i == stored ? tuple.size() : split;
            row.read(i, cell);
            Tuples.put(cell, tuple);
          }
          int end = stored == table.columns.size() ? tuple.size() : split;
          written.add(tuple.data(), 0, end);
          computed.add(tuple.data(), end, tuple.size());
          meter.add(1);
        });
    if (!written.matches(table.written)) {
      throw new SQLException(
          "what arrived in table " + table.sqlite.name() + " is not what was sent");
    }
    if (!computed.matches(table.computed)) {
      findings.add(
          table.sqlite.name(),
          "",
          "generated-column-differs",
          "SQLite computes other values than PostgreSQL");
    }
  }
}
