package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Meter;
import dev.wharfinger.runner.transfer.RefusedException;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.scratch.TemporaryFiles;
import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Fills the new file: tables, rows, and then what is made behind the rows. */
final class Filling {
  private final SourceSnapshot source;
  private final LikeFile like;
  private final Findings findings;
  private final Findings warnings;
  private final Report report;
  private final Meter meter;
  private final StoredForm form;
  private int copied;
  private boolean indexing;

  Filling(
      SourceSnapshot source,
      LikeFile like,
      Findings findings,
      Findings warnings,
      Report report,
      Meter meter,
      StoredForm form) {
    this.source = source;
    this.like = like;
    this.findings = findings;
    this.warnings = warnings;
    this.report = report;
    this.meter = meter;
    this.form = form;
  }

  /** Makes {@code file}, in the room that there is. */
  void run(Path file, BackMapping mapping, BackwardOptions options) throws Exception {
    meter.phase("copying");
    long room = SnapshotDirectory.usable(file.resolveSibling("."));
    try (NewDatabase made = NewDatabase.create(file, room, like, findings)) {
      if (!made.tables()) {
        throw new RefusedException("SQLite does not take the schema; see the findings");
      }
      Failpoint.at("back-schema");
      for (SourceTable table : mapping.kept) {
        made.keep(table);
      }
      Failpoint.at("back-kept");
      for (BackTable table : mapping.tables) {
        copy(made, table);
        Failpoint.at("back-table", ++copied);
      }
      meter.closing("indexing");
      indexing = true;
      made.sortIn(file.resolveSibling("."));
      made.rest(mapping.skipped, warnings);
      Failpoint.at("back-indexes");
      report.sequences(LastNumbers.set(source, like, made, mapping));
      long rows = mapping.tables.stream().mapToLong(table -> table.rows).sum();
      FileRecord.insert(made.connection(), options.operation(), options.source().toString(), rows);
      made.finish();
    } catch (SQLException e) {
      if (!SqliteErrors.full(e)) {
        throw e;
      }
      findings.add("", "", "no-room-for-new-file", full(file, room));
      throw new RefusedException("there is no room for the new file");
    }
  }

  private String full(Path file, long room) {
    String detail =
        "the new file needs more than the %d bytes that were free beside %s"
            .formatted(Math.max(0, room), file.resolveSibling(""));
    return indexing
        ? detail
            + ", or the directory for temporary files, %s, is full, where indexes are sorted"
                .formatted(TemporaryFiles.directory())
        : detail;
  }

  private void copy(NewDatabase made, BackTable table) throws Exception {
    Optional<RetainedRow> retained = RetainedRow.of(like, table);
    Optional<PreparedStatement> withOwn =
        table.keepsOwn()
            ? Optional.of(made.connection().prepareStatement(table.insertWithOwnSql()))
            : Optional.empty();
    try (PreparedStatement insert = made.connection().prepareStatement(table.insertSql())) {
      RowWriter writer = new RowWriter(table, retained, insert, withOwn, form, findings);
      CopyReader.forEach(
          source.connection(),
          table.selectSql(),
          table.fields(),
          (data, starts, lengths) -> {
            writer.row(data, starts, lengths);
            meter.add(1);
          });
      mixed(table);
      made.proveOwn(table);
      defaults(table);
    } finally {
      if (withOwn.isPresent()) {
        withOwn.get().close();
      }
      if (retained.isPresent()) {
        retained.get().close();
      }
    }
  }

  /** Says in how many rows a column has only its default. */
  private void defaults(BackTable table) {
    long rows = table.rows - table.found;
    for (SourceColumn column : rows > 0 ? table.onlyInFile : List.<SourceColumn>of()) {
      warnings.addAll(
          table.sqlite.name(),
          column.name(),
          "column-only-in-file",
          rows,
          List.of(),
          table.keepsOwn()
              ? "so many rows are not in the file and get the default; %d keep what it has"
                  .formatted(table.found)
              : "there is no primary key by which rows could be found in the file, so all of them"
                  + " get the default");
    }
  }

  /** Says of what the columns are a mix. */
  private void mixed(BackTable table) {
    String name = table.sqlite.name();
    for (BackColumn column : table.columns) {
      if (column.rules.containsKey("format-mixed")) {
        findings.addAll(name, column.sqlite.name(), "format-mixed", 0, List.of(), column.evidence);
      }
    }
  }
}
