package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.large.Ledger;
import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.TransferLock;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
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
      refused(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      failed(e);
    } catch (Exception | OutOfMemoryError e) {
      LOG.debug("transfer failed", e);
      String what = e.getClass().getSimpleName() + ": " + e.getMessage();
      if (committed()) {
        report.note("after the commit: " + what);
        return report;
      }
      if (!ranOut(e)) {
        report.outcome("failed", what);
      }
    }
    meter.millis().forEach(report.object("phaseMillis")::put);
    report.wallMillis((System.nanoTime() - begun) / 1_000_000);
    return report;
  }

  /** Whoever is refused has changed nothing; where that could not be seen to, it has failed. */
  private void refused(String why) {
    report.findings(findings);
    report.outcome(report.noted(LargeLoad.HALF_FILLED) ? "failed" : "refused", why);
  }

  /** Once more it would be as short; only what is left half done is tried again. */
  private boolean ranOut(Throwable e) {
    if (Memory.ranOut(e) && !report.noted(LargeLoad.HALF_FILLED)) {
      findings.all().clear();
      String message = Memory.refuse(findings);
      report.findings(findings);
      report.outcome("refused", message);
      return true;
    }
    return false;
  }

  private void failed(SQLException e) {
    if (committed()) {
      // What goes wrong while cleaning up does not unmake the commit.
      report.note("after the commit: " + ServerErrors.describe(e));
    } else if (ranOut(e)) {
      LOG.debug("no memory", e);
    } else if (SourceDatabase.damaged(e)) {
      findings.add("", "", "source-damaged", String.valueOf(e.getMessage()));
      refused("the source is damaged, or no SQLite database");
    } else if (ServerErrors.lasting(e, options.target(), findings)) {
      refused("PostgreSQL says no, and would again; see the findings");
    } else {
      report.outcome("failed", ServerErrors.describe(e));
    }
  }

  private void attempt() throws Exception {
    try (SourceAccess access = new SourceAccess(options, findings);
        Connection connection = TargetSession.open(options)) {
      access.lock();
      Failpoint.at("after-lock");
      String fingerprint = access.fingerprint();
      UUID operation = operation(fingerprint);
      report.put("operation", operation.toString());
      report.object("source").put("fingerprint", fingerprint);
      boolean large = !options.dryRun() && large(access, connection, operation);
      // The last COMMIT of a process that was killed may still be on its way.
      if (large) {
        TransferLock.hold(connection);
      } else if (!options.dryRun()) {
        TransferLock.take(connection);
      }
      Optional<String> earlier = Marker.outcome(connection, operation);
      if (earlier.isPresent()) {
        report.earlier(earlier.get());
        return;
      }
      SourceDatabase source = access.open(operation, meter);
      LargeLoad chunks =
          large ? new LargeLoad(connection, access, options, operation, fingerprint, meter) : null;
      new Move(connection, access, options, findings, report, meter, chunks)
          .run(source, operation, fingerprint);
    }
  }

  /** In chunks because there is much, or because it was begun so. */
  private boolean large(SourceAccess access, Connection connection, UUID operation)
      throws Exception {
    return access.bytes() >= options.large().fromBytes()
        || Ledger.find(connection, operation).isPresent();
  }

  private UUID operation(String fingerprint) {
    String schema = options.targetSchema().map(name -> " " + name).orElse("");
    String key = options.source() + " " + fingerprint + " " + options.target() + schema;
    return options
        .operation()
        .orElseGet(() -> UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)));
  }

  private boolean committed() {
    return report.outcome().equals("moved");
  }
}
