package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.large.Ledger;
import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plan, load, marker and commit of one transfer, once both sides are open. */
final class Move {
  private static final Logger LOG = LoggerFactory.getLogger(Move.class);
  private final Connection connection;
  private final SourceAccess access;
  private final TransferOptions options;
  private final Findings findings;
  private final Report report;
  private final Meter meter;
  private final @Nullable LargeLoad large;
  private final long begun = System.nanoTime();

  Move(
      Connection connection,
      SourceAccess access,
      TransferOptions options,
      Findings findings,
      Report report,
      Meter meter,
      @Nullable LargeLoad large) {
    this.connection = connection;
    this.access = access;
    this.options = options;
    this.findings = findings;
    this.report = report;
    this.meter = meter;
    this.large = large;
  }

  /** Plans and, unless this is a dry run, moves. */
  void run(SourceDatabase source, UUID operation, String fingerprint) throws Exception {
    Vacancy vacancy = new Vacancy(connection, options, findings);
    vacancy.unfinished(operation);
    if (findings.any()) {
      throw new RefusedException("another transfer has half filled the target");
    }
    Plan plan = new Plan(connection, source, options, findings, report, meter);
    if (large != null) {
      large.unfinished().ifPresent(plan::goOn);
    }
    long rows;
    try {
      rows = plan(plan, operation);
    } catch (Exception | OutOfMemoryError e) {
      if (e instanceof RefusedException || Memory.ranOut(e)) {
        settle(e);
      }
      throw e;
    }
    if (options.dryRun()) {
      report.outcome("planned", "every value can be moved; nothing was written");
      return;
    }
    meter.total(rows);
    Marker.prepare(connection);
    Failpoint.at("marker-prepared");
    if (large != null) {
      fill(large, plan, vacancy);
    }
    if (commit(plan, source, operation, fingerprint, rows)) {
      analyze(plan);
      report.figures(rows, System.nanoTime() - begun);
    }
  }

  private long plan(Plan plan, UUID operation) throws Exception {
    plan.make(operation);
    Failpoint.at("after-plan");
    report.tables(plan.tables());
    report.addWarnings(access.warnings());
    report.findings(findings);
    long rows = plan.tables().stream().mapToLong(table -> table.rows).sum();
    report.figures(rows, System.nanoTime() - begun);
    if (findings.any()) {
      throw new RefusedException("the source cannot be moved as it is; see the findings");
    }
    return rows;
  }

  private void fill(LargeLoad chunks, Plan plan, Vacancy vacancy) throws Exception {
    try {
      chunks.fill(plan, vacancy);
    } catch (Exception | OutOfMemoryError e) {
      settle(e);
      explain(plan, e);
      throw e;
    }
  }

  /** Whoever is refused has changed nothing; whoever failed may go on where it was. */
  private void settle(Throwable error) {
    if (large == null) {
      return;
    }
    boolean refused =
        error instanceof RefusedException
            || Memory.ranOut(error)
            || (error instanceof SQLException e && ServerErrors.lasting(e));
    if (refused) {
      try {
        large.takeBack();
        return;
      } catch (SQLException | RuntimeException | OutOfMemoryError e) {
        LOG.debug("it stays half filled", e);
      }
    }
    report.note(LargeLoad.HALF_FILLED);
  }

  /** Says whether it is certain that this run committed the data; throws where nothing is. */
  private boolean commit(
      Plan plan, SourceDatabase source, UUID operation, String fingerprint, long rows)
      throws Exception {
    boolean deciding = false;
    try {
      Loader.begin(connection);
      Vacancy vacancy = new Vacancy(connection, options, findings);
      // Another process with the same operation may have committed since that was looked for.
      Optional<String> earlier = Marker.outcome(connection, operation);
      if (earlier.isPresent()) {
        rollback();
        report.earlier(earlier.get());
        return false;
      }
      if (large == null && Ledger.find(connection, operation).isPresent()) {
        throw new SQLException("another process has begun this operation in chunks; run it again");
      }
      vacancy.otherTransfer(operation);
      vacancy.require();
      report.sequences(
          large != null
              ? large.finish(source, plan.tables())
              : new Loader(connection, source, plan.tables(), plan.derived(), meter, vacancy)
                  .load());
      compareComputed(plan, source);
      new Quarantine(connection, source, operation).write(plan.tables());
      meter.closing("committing");
      if (!access.intact()) {
        throw new SQLException("the source's files changed although they were locked");
      }
      report.tables(plan.tables());
      report.figures(rows, System.nanoTime() - begun);
      report.outcome("moved", "moved and verified");
      Failpoint.at("before-marker");
      if (!Marker.insert(
          connection, operation, Marker.COMMITTED, fingerprint, report.json().toString())) {
        throw new SQLException("this operation was aborted while it was running");
      }
      Failpoint.at("after-marker");
      deciding = true;
      connection.commit();
      Failpoint.at("after-commit");
      return true;
    } catch (Exception | OutOfMemoryError e) {
      report.outcome("failed", "");
      if (deciding && !ServerErrors.certain(e)) {
        report.outcome(
            "failed",
            "the connection was lost at COMMIT and the outcome is unknown; run the same operation"
                + " again, or transfer-abort, to find out");
        LOG.warn("unknown outcome at COMMIT", e);
        return false;
      }
      rollback();
      settle(e);
      explain(plan, e);
      throw e;
    }
  }

  private void compareComputed(Plan plan, SourceDatabase source) throws Exception {
    Findings lost = new Findings();
    Findings warnings = new Findings();
    new Computed(connection, source).compare(plan.tables(), lost, warnings);
    report.addWarnings(warnings);
    if (lost.any()) {
      findings.addAll(lost);
      throw new RefusedException("the target computes columns whose values the source stores");
    }
  }

  /** Finds the rows that a constraint did not take; that is not known from the error. */
  private void explain(Plan plan, Throwable error) throws Exception {
    if (!Rehearsal.explains(error)) {
      return;
    }
    try {
      plan.rehearse(true);
    } catch (SQLException e) {
      LOG.debug("no more can be said about the rows", e);
    }
    if (findings.any()) {
      throw new RefusedException("PostgreSQL says no, and would again; see the findings");
    }
  }

  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      LOG.debug("the server rolls back by itself when the connection is gone", e);
    }
  }

  /** Statistics; the data are safe, so a failure is worth a note and nothing more. */
  private void analyze(Plan plan) {
    try {
      connection.setAutoCommit(true);
      String all = String.join(", ", plan.tables().stream().map(t -> t.target.sql()).toList());
      if (!all.isEmpty()) {
        // Each table is a transaction, and what they say can be lost: nobody waits for the disk.
        Sql.run(connection, "SET synchronous_commit = off");
        Sql.run(connection, "ANALYZE " + all);
      }
    } catch (SQLException e) {
      report.note("ANALYZE failed after the commit: " + ServerErrors.describe(e));
    }
  }
}
