package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Memory;
import dev.wharfinger.runner.transfer.Meter;
import dev.wharfinger.runner.transfer.Progress;
import dev.wharfinger.runner.transfer.RefusedException;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.ServerErrors;
import dev.wharfinger.runner.transfer.TargetSession;
import dev.wharfinger.runner.transfer.large.Ledger;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One move from PostgreSQL into a SQLite file. PostgreSQL is only read. The file is made under a
 * name of ours, proven, and put in its place by one rename; up to there nothing has happened.
 *
 * <p>Writers are kept away from PostgreSQL's tables until this is closed.
 */
public final class BackwardMove implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackwardMove.class);
  private final BackwardOptions options;
  private final Meter meter;
  private final Report report = new Report();
  private final Findings findings = new Findings();
  private @Nullable SourceSnapshot source;
  private boolean replaced;

  /** A move that has not begun. */
  public BackwardMove(BackwardOptions options, Progress progress) {
    this.options = options;
    this.meter = new Meter(progress);
  }

  /** Runs it; every way it can end is in the report's {@code outcome}. */
  public Report run() {
    long begun = System.nanoTime();
    try {
      report.put("dryRun", options.dryRun());
      report.put("direction", "to-sqlite");
      report.put("operation", options.operation().toString());
      report.object("source").put("url", options.source().toString());
      report.object("target").put("file", options.target().toString());
      attempt();
    } catch (RefusedException e) {
      BackReport.findings(report, findings);
      report.outcome("refused", String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      failed(e);
    } catch (Exception | OutOfMemoryError e) {
      LOG.debug("move failed", e);
      if (!ranOut(e)) {
        ended(e.getClass().getSimpleName() + ": " + e.getMessage());
      }
    }
    meter.millis().forEach(report.object("phaseMillis")::put);
    report.wallMillis((System.nanoTime() - begun) / 1_000_000);
    return report;
  }

  /** Once more it would be as short. */
  private boolean ranOut(Throwable e) {
    if (replaced || !Memory.ranOut(e)) {
      return false;
    }
    findings.all().clear();
    String message = Memory.refuse(findings);
    BackReport.findings(report, findings);
    report.outcome("refused", message);
    return true;
  }

  private void ended(String why) {
    if (replaced) {
      report.note("after the file was put in its place: " + why);
    } else {
      report.outcome("failed", why);
    }
  }

  private void failed(SQLException e) {
    if (ranOut(e)) {
      return;
    }
    if (!replaced && SourceDatabase.damaged(e)) {
      findings.add("", "", "source-damaged", String.valueOf(e.getMessage()));
      BackReport.findings(report, findings);
      report.outcome("refused", "the SQLite file is damaged, or no SQLite database");
    } else if (!replaced && ServerErrors.lasting(e, options.source(), findings)) {
      BackReport.findings(report, findings);
      report.outcome("refused", "PostgreSQL says no, and would again; see the findings");
    } else {
      ended(ServerErrors.describe(e));
    }
  }

  private void attempt() throws Exception {
    try (TargetFiles files = new TargetFiles(options.target(), options.operation())) {
      files.enter();
      Failpoint.at("back-entered");
      OldTarget old = new OldTarget(files);
      boolean made = old.madeBy(options.operation());
      if (!made && files.aborted()) {
        throw new IOException("this operation was aborted; it can never end otherwise any more");
      }
      Connection connection = TargetSession.open(options.source(), options.schema());
      try {
        if (!made) {
          sessions(connection);
        }
        // Of a move that was made before too: who still writes to PostgreSQL would lose it.
        source = SourceSnapshot.open(connection, !options.dryRun());
        Failpoint.at("back-snapshot");
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
      if (made) {
        files.syncDirectory();
        report.outcome("already-moved", "this operation made the file before; nothing was done");
        return;
      }
      if (!options.dryRun()) {
        old.lock();
        Failpoint.at("back-locked");
      }
      try {
        make(files, old, connection);
      } finally {
        files.discard();
        old.unlock();
      }
    }
  }

  private void make(TargetFiles files, OldTarget old, Connection connection) throws Exception {
    Optional<UUID> unfinished = Ledger.unfinished(connection, Optional.empty());
    if (unfinished.isPresent()) {
      findings.add("", "", "unfinished-transfer", "operation " + unfinished.get());
      throw new RefusedException("a transfer has half filled PostgreSQL's tables");
    }
    LikeFile like = new PatternFile(options, source(), findings, report).choose(files, old);
    boolean own = like.file().equals(files.pattern());
    Failpoint.at("back-pattern");
    try {
      Making making = new Making(options, source(), like, own, findings, report, meter);
      making.run(files.partial());
      if (options.dryRun()) {
        report.outcome("planned", "everything can be moved; the file is as it was");
        return;
      }
      old.dress(files.partial());
      meter.closing("syncing");
      TargetFiles.sync(files.partial());
      Failpoint.at("back-synced");
      sessions(connection);
      if (!files.decide() || files.aborted()) {
        throw new IOException("this operation was aborted while it was running");
      }
      Failpoint.at("back-decided");
    } finally {
      if (own) {
        like.database().closeCopy();
      } else {
        like.database().abandon();
        old.reads(like);
      }
    }
    old.give(meter, () -> replaced = true);
    meter.closing("done");
    report.outcome("moved", "moved and verified");
    if (old.exists()) {
      report.object("target").put("before", files.before().toString());
    }
  }

  private SourceSnapshot source() {
    return java.util.Objects.requireNonNull(source);
  }

  private void sessions(Connection connection) throws SQLException {
    boolean alone = !options.dryRun() && !options.otherSessions();
    long others =
        alone
            ? SourceSnapshot.remainingSessions(connection)
            : SourceSnapshot.otherSessions(connection);
    if (others == 0) {
      return;
    }
    String found = others + " other sessions of the role are connected to the database";
    if (alone) {
      throw new SQLException(found + "; stop the application first");
    }
    report.note(found);
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
