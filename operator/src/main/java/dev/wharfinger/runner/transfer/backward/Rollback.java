package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Memory;
import dev.wharfinger.runner.transfer.Meter;
import dev.wharfinger.runner.transfer.Progress;
import dev.wharfinger.runner.transfer.RefusedException;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.ServerErrors;
import dev.wharfinger.runner.transfer.TargetSession;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sqlite.IntegrityCheck;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.io.IOException;
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
 * Takes a SQLite file that was moved to PostgreSQL again as it stands. No row is written on either
 * side; what commits is the record of the operation in the file, by which an abort knows of it.
 *
 * <p>Writers are kept away from PostgreSQL's tables until this is closed.
 */
public final class Rollback implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rollback.class);
  private final PostgresUrl url;
  private final Optional<String> schema;
  private final Path file;
  private final UUID operation;
  private final boolean dryRun;
  private final Meter meter;
  private final Report report = new Report();
  private final Findings findings = new Findings();
  private @Nullable SourceSnapshot source;
  private boolean taken;

  /**
   * A rollback that has not begun.
   *
   * @param url where the data is now
   * @param schema of the database; empty for the role's first
   * @param file the file of before
   * @param operation key of the record in it
   * @param dryRun check the file and count what would be lost, and leave it at that
   */
  public Rollback(
      PostgresUrl url,
      Optional<String> schema,
      Path file,
      UUID operation,
      boolean dryRun,
      Progress progress) {
    this.url = url;
    this.schema = schema;
    this.file = file;
    this.operation = operation;
    this.dryRun = dryRun;
    this.meter = new Meter(progress);
  }

  /** Runs it; every way it can end is in the report's {@code outcome}. */
  public Report run() {
    long begun = System.nanoTime();
    report.put("dryRun", dryRun);
    report.put("direction", "rollback");
    report.put("operation", operation.toString());
    report.object("source").put("url", url.toString());
    report.object("target").put("file", file.toString());
    try {
      attempt();
    } catch (RefusedException e) {
      BackReport.findings(report, findings);
      report.outcome("refused", String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      failed(e);
    } catch (Exception | OutOfMemoryError e) {
      LOG.debug("rollback failed", e);
      if (!ranOut(e)) {
        ended(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
    meter.millis().forEach(report.object("phaseMillis")::put);
    report.wallMillis((System.nanoTime() - begun) / 1_000_000);
    return report;
  }

  private void failed(SQLException e) {
    if (ranOut(e)) {
      return;
    }
    if (!taken && ServerErrors.lasting(e, url, findings)) {
      BackReport.findings(report, findings);
      report.outcome("refused", "PostgreSQL says no, and would again; see the findings");
      return;
    }
    if (taken || !SourceDatabase.damaged(e)) {
      ended(ServerErrors.describe(e));
      return;
    }
    findings.add("", "", "source-damaged", String.valueOf(e.getMessage()));
    BackReport.findings(report, findings);
    report.outcome("refused", "the SQLite file is damaged, or no SQLite database");
  }

  /** Once more it would be as short. */
  private boolean ranOut(Throwable e) {
    if (taken || !Memory.ranOut(e)) {
      return false;
    }
    findings.all().clear();
    String message = Memory.refuse(findings);
    BackReport.findings(report, findings);
    report.outcome("refused", message);
    return true;
  }

  private void ended(String why) {
    if (taken) {
      report.note("after the file was taken again: " + why);
    } else {
      report.outcome("failed", why);
    }
  }

  private void attempt() throws Exception {
    if (!Files.exists(file)) {
      findings.add("", "", "no-retained-file", file.toString());
      throw new RefusedException("there is no file to go back to");
    }
    if (dryRun) {
      check();
      source = snapshot(TargetSession.open(url, schema));
      new LostRows(source, report, meter).count(file);
      report.outcome("planned", "the file is sound; nothing was changed");
      return;
    }
    try (TargetFiles files = new TargetFiles(file, operation)) {
      files.enter();
      boolean before = FileRecord.holds(file, operation);
      if (!before && files.aborted()) {
        throw new IOException("this operation was aborted; it can never end otherwise any more");
      }
      Connection connection = TargetSession.open(url, schema);
      if (!before) {
        refuseSessions(connection);
      }
      // Of one that was taken before too: who still writes to PostgreSQL would lose it.
      source = snapshot(connection);
      if (before) {
        report.outcome("already-moved", "this operation took the file before; nothing was done");
        return;
      }
      take(files);
    }
  }

  private void take(TargetFiles files) throws Exception {
    try (RetainedFile retained = RetainedFile.lock(files.target())) {
      check();
      meter.closing("taking");
      if (!files.decide() || files.aborted()) {
        throw new IOException("this operation was aborted while it was running");
      }
      retained.record(operation, url.toString());
      taken = true;
    }
    meter.closing("done");
    report.outcome("moved", "the file is taken again as it stands");
  }

  private SourceSnapshot snapshot(Connection connection) throws SQLException {
    try {
      return SourceSnapshot.open(connection, !dryRun);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void refuseSessions(Connection connection) throws SQLException {
    long others = SourceSnapshot.remainingSessions(connection);
    if (others > 0) {
      connection.close();
      throw new SQLException(
          others
              + " other sessions of the role are connected to the database; stop the application first");
    }
  }

  /** Every page, row and index entry: once PostgreSQL is left nobody would notice. */
  private void check() throws SQLException, RefusedException {
    meter.phase("checking");
    SourceDatabase database = SourceDatabase.open(file);
    try {
      IntegrityCheck check = IntegrityCheck.of(database);
      boolean empty =
          database.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table'") == 0;
      if (empty || !check.problems().isEmpty()) {
        findings.add(
            "", "", "source-damaged", empty ? "no tables" : String.join("; ", check.problems()));
        throw new RefusedException("the file is damaged or empty");
      }
    } finally {
      database.abandon();
    }
  }

  /** Whether writers are still kept away from PostgreSQL: a server that was restarted forgot. */
  public boolean holds() {
    try {
      return source != null && Sql.number(source.connection(), "SELECT 1") == 1;
    } catch (SQLException e) {
      LOG.warn("the locks on PostgreSQL's tables are lost: {}", ServerErrors.describe(e));
      return false;
    }
  }

  /** Lets writers to PostgreSQL again. */
  @Override
  public void close() throws SQLException {
    if (source != null) {
      source.close();
    }
  }
}
