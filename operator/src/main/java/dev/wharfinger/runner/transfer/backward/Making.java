package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.Bookkeeping;
import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Meter;
import dev.wharfinger.runner.transfer.RefusedException;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import dev.wharfinger.runner.transfer.sqlite.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes and proves the new file, and knows nothing of the place it is for. */
final class Making {
  private final BackwardOptions options;
  private final SourceSnapshot source;
  private final LikeFile like;
  private final boolean derived;
  private final Findings findings;
  private final Report report;
  private final Meter meter;
  private final StoredForm form = new StoredForm();
  private final Map<String, long[]> differences = new HashMap<>();
  private final long begun = System.nanoTime();

  Making(
      BackwardOptions options,
      SourceSnapshot source,
      LikeFile like,
      boolean derived,
      Findings findings,
      Report report,
      Meter meter) {
    this.options = options;
    this.source = source;
    this.like = like;
    this.derived = derived;
    this.findings = findings;
    this.report = report;
    this.meter = meter;
  }

  /** A write-ahead log needs memory that all readers share, which no network gives them. */
  private void requireSharedMemory(Path file) throws Exception {
    Path directory = file.toAbsolutePath().getParent();
    if (like.pragma("journal_mode").equalsIgnoreCase("wal")
        && directory != null
        && Surroundings.onNetwork(directory)) {
      findings.add("", "", "network-file-system", Files.getFileStore(directory).type());
      throw new RefusedException("a file in WAL mode cannot be on a network file system");
    }
  }

  /** Makes {@code file}; it is complete and closed when this returns. */
  void run(Path file) throws Exception {
    meter.phase("planning");
    describe();
    requireSharedMemory(file);
    Map<String, String> elsewhere =
        OutOfReach.find(
            source.connection(), source.catalog().schema(), options.schema().isPresent(), findings);
    Findings warnings = new Findings();
    LeftAside.find(source.connection(), warnings);
    BackMapping mapping =
        new BackMapping(
            source,
            like,
            findings,
            (table, column) -> FormatChoice.chosen(options.formats(), table, column));
    mapping.build(derived);
    mapping.skipped.putAll(elsewhere);
    new BackSizes(source, findings).require(mapping.tables);
    EarlierMove earlier = EarlierMove.of(source.connection());
    revisions(mapping, earlier);
    List<BackTable> tables = mapping.tables;
    settle(tables, earlier);
    compare(tables);
    long total = 0;
    for (BackTable table : tables) {
      total += source.count(table.postgres);
    }
    meter.total(total);
    try {
      new Filling(source, like, findings, warnings, report, meter, form)
          .run(file, mapping, options);
      tables.forEach(table -> FormerValues.warn(table, earlier, warnings));
      refuseIfAny();
      Failpoint.at("back-made");
      meter.phase("verifying");
      Verification.run(file, tables, findings, report, meter);
      refuseIfAny();
      Failpoint.at("back-verified");
    } finally {
      report.warnings(warnings);
      report.skipped(mapping.skipped);
      BackReport.tables(report, tables, differences);
      long rows = tables.stream().mapToLong(table -> table.rows).sum();
      report.figures(rows, System.nanoTime() - begun);
      form.close();
    }
  }

  private void refuseIfAny() throws RefusedException {
    if (findings.any()) {
      throw new RefusedException("the database cannot be moved as it is; see the findings");
    }
  }

  private void describe() throws Exception {
    report
        .object("source")
        .put("server", Sql.text(source.connection(), "SHOW server_version"))
        .put("schema", source.catalog().schema());
    report
        .object("target")
        .put("like", like.file().toString())
        .put("sqlite", like.database().text("SELECT sqlite_version()"))
        .put("encoding", like.pragma("encoding"));
  }

  private void revisions(BackMapping mapping, EarlierMove earlier) throws Exception {
    for (Map.Entry<SourceTable, @org.jspecify.annotations.Nullable TargetTable> entry :
        mapping.bookkeeping.entrySet()) {
      Bookkeeping.Revision revision =
          Bookkeeping.compare(
              like.database(), entry.getKey(), source.connection(), entry.getValue());
      if (revision == null) {
        continue;
      }
      if (revision.target() == null) {
        report.note("PostgreSQL has no table " + revision.table() + "; revisions not compared");
        continue;
      }
      Bookkeeping.Revision turned =
          new Bookkeeping.Revision(revision.table(), revision.target(), revision.source());
      report.revision(turned);
      if (!turned.equal() && !earlier.accepted(revision)) {
        findings.add(turned.table(), "", "revision-differs", turned.difference());
      }
    }
  }

  private void settle(List<BackTable> tables, EarlierMove earlier) throws Exception {
    Map<String, List<String>> profile = new HashMap<>(earlier.formats());
    profile.putAll(options.profile());
    List<String> names = new ArrayList<>();
    source.catalog().tables().forEach(table -> names.add(table.name()));
    like.catalog().tables().forEach(table -> names.add(table.name()));
    new FormatChoice(
            source.connection(),
            like,
            earlier,
            profile,
            options.formats(),
            Hints.of(names),
            form,
            findings)
        .settle(tables);
  }

  private void compare(List<BackTable> tables) throws Exception {
    if (!options.dryRun() || derived && options.compare().isEmpty()) {
      return;
    }
    meter.phase("comparing");
    Path file = options.compare().orElse(like.file());
    differences.putAll(RowDifference.of(file, source, tables, meter));
  }
}
