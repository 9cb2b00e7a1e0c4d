package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sqlite.Snapshot;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transfer, from the lock to the marker. Two outcomes: every value arrived as the rules say and
 * this was proven before the commit, or nothing happened and the report says why.
 *
 * <p>The source is locked from here on until the process ends; the caller ends the process without
 * closing what SQLite has open.
 */
public final class Transfer {
  private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);
  private final TransferOptions options;
  private final Meter meter;
  private final Report report = new Report();
  private final Findings findings = new Findings();
  private @Nullable SourceLock lock;
  private boolean committed;

  /** A transfer that has not begun. */
  public Transfer(TransferOptions options, Progress progress) {
    this.options = options;
    this.meter = new Meter(progress);
  }

  /** Runs it; every way it can end is in the report's {@code outcome}. */
  public Report run() {
    long begun = System.nanoTime();
    try {
      report.put("dryRun", options.dryRun());
      report.object("target").put("url", options.target().toString());
      report.object("source").put("file", options.source().toString());
      attempt();
    } catch (RefusedException e) {
      report.findings(findings);
      report.outcome("refused", String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      failed(e);
    } catch (Exception e) {
      LOG.debug("transfer failed", e);
      if (committed) {
        report.note("after the commit: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        return report;
      }
      report.outcome("failed", e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    meter.millis().forEach(report.object("phaseMillis")::put);
    report.wallMillis((System.nanoTime() - begun) / 1_000_000);
    return report;
  }

  private void failed(SQLException e) {
    if (committed) {
      // What goes wrong while cleaning up does not unmake the commit.
      report.note("after the commit: " + ServerErrors.describe(e));
    } else if (SourceDatabase.damaged(e)) {
      findings.add("", "", "source-damaged", String.valueOf(e.getMessage()));
      report.findings(findings);
      report.outcome("refused", "the source is damaged, or no SQLite database");
    } else if (ServerErrors.lasting(e, findings)) {
      report.findings(findings);
      report.outcome("refused", "PostgreSQL says no, and would again; see the findings");
    } else {
      report.outcome("failed", ServerErrors.describe(e));
    }
  }

  private void attempt() throws Exception {
    if (!Files.exists(options.source())) {
      throw new IOException("there is no file " + options.source());
    }
    try (Connection connection = options.target().connect()) {
      String fingerprint;
      if (options.dryRun()) {
        fingerprint = SourceLock.fingerprint(options.source());
      } else {
        lock = SourceLock.take(options.source());
        fingerprint = SourceLock.fingerprint(options.source());
      }
      UUID operation = operation(fingerprint);
      report.put("operation", operation.toString());
      report.object("source").put("fingerprint", fingerprint);
      Optional<String> earlier = Marker.outcome(connection, operation);
      if (earlier.isPresent()) {
        ended(earlier.get());
        return;
      }
      Path file = options.source();
      boolean copied = !options.dryRun() && options.snapshotDirectory().isPresent();
      if (copied) {
        meter.phase("snapshot");
        file = Snapshot.take(file, options.snapshotDirectory().get(), operation.toString());
      }
      SourceDatabase source = SourceDatabase.open(file);
      try {
        move(connection, source, operation, fingerprint);
      } finally {
        if (copied) {
          source.closeCopy();
          Snapshot.delete(file);
        } else {
          source.abandon();
        }
      }
    }
  }

  private UUID operation(String fingerprint) {
    String key = options.source() + " " + fingerprint + " " + options.target();
    return options
        .operation()
        .orElseGet(() -> UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)));
  }

  private void ended(String earlier) {
    if (earlier.equals(Marker.COMMITTED)) {
      report.outcome("already-moved", "this operation committed before; nothing was done");
    } else {
      report.outcome("failed", "this operation was aborted; it can never commit any more");
    }
  }

  private void move(
      Connection connection, SourceDatabase source, UUID operation, String fingerprint)
      throws Exception {
    long begun = System.nanoTime();
    Plan plan = new Plan(connection, source, options, findings, report, meter);
    plan.make(operation);
    report.tables(plan.tables());
    report.findings(findings);
    long rows = plan.tables().stream().mapToLong(table -> table.rows).sum();
    report.figures(rows, System.nanoTime() - begun);
    if (findings.any()) {
      throw new RefusedException("the source cannot be moved as it is; see the findings");
    }
    if (options.dryRun()) {
      report.outcome("planned", "every value can be moved; nothing was written");
      return;
    }
    meter.total(rows);
    Marker.prepare(connection);
    boolean deciding = false;
    try {
      Loader.begin(connection);
      report.sequences(new Loader(connection, source, plan.tables(), plan.derived(), meter).load());
      meter.closing("committing");
      if (lock == null || !lock.intact()) {
        throw new SQLException("the source's files changed although they were locked");
      }
      report.tables(plan.tables());
      report.figures(rows, System.nanoTime() - begun);
      report.outcome("moved", "moved and verified");
      if (!Marker.insert(
          connection, operation, Marker.COMMITTED, fingerprint, report.json().toString())) {
        throw new SQLException("this operation was aborted while it was running");
      }
      deciding = true;
      connection.commit();
      committed = true;
    } catch (Exception e) {
      report.outcome("failed", "");
      if (deciding && !ServerErrors.certain(e)) {
        report.outcome(
            "failed",
            "the connection was lost at COMMIT and the outcome is unknown; run the same operation"
                + " again, or transfer-abort, to find out");
        LOG.warn("unknown outcome at COMMIT", e);
        return;
      }
      rollback(connection);
      throw e;
    }
    analyze(connection, plan);
    report.figures(rows, System.nanoTime() - begun);
  }

  private static void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      LOG.debug("the server rolls back by itself when the connection is gone", e);
    }
  }

  /** Statistics; the data are safe, so a failure is worth a note and nothing more. */
  private void analyze(Connection connection, Plan plan) {
    try {
      connection.setAutoCommit(true);
      for (TableMapping table : plan.tables()) {
        Sql.run(connection, "ANALYZE " + table.target.sql());
      }
    } catch (SQLException e) {
      report.note("ANALYZE failed after the commit: " + ServerErrors.describe(e));
    }
  }
}
