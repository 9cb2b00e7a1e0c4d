package dev.wharfinger.runner.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * One move from SQLite to PostgreSQL. Everything the target gets — tables, rows, sequences, the
 * marker — is one transaction: before its commit nothing has happened, after it everything has.
 */
public final class Transfer {
  /** What became of it. */
  public enum Result {
    MOVED,
    PLANNED,
    REFUSED,
    FAILED
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TransferRequest request;
  private final Progress progress;
  private final Report report = new Report();

  /**
   * @param request what to move where
   * @param progress told how far it is
   */
  public Transfer(TransferRequest request, Progress progress) {
    this.request = request;
    this.progress = progress;
    report.source = request.source().getFileName().toString();
    report.target = request.target().describe();
    report.operation = request.operation();
  }

  /** Runs it; the report is written and announced whatever happens. */
  public Result run() throws IOException {
    Result result;
    long start = System.nanoTime();
    try {
      result = request.dryRun() ? plan() : move();
    } catch (RefusedException e) {
      result = ended("refused", Result.REFUSED, e.reason(), e.explanation());
    } catch (PSQLException e) {
      result = ended(e);
    } catch (Exception e) {
      result =
          ended(
              "failed",
              Result.FAILED,
              e.getClass().getSimpleName(),
              String.valueOf(e.getMessage()));
    }
    report.milliseconds = (System.nanoTime() - start) / 1_000_000;
    report.rowsPerSecond = report.rows * 1000 / Math.max(1, report.milliseconds);
    writeReport();
    return result;
  }

  /** What a person reads at the end. */
  public String summary() {
    StringBuilder text = new StringBuilder(report.outcome);
    text.append(": ")
        .append(report.rows)
        .append(" rows in ")
        .append(report.tables.size())
        .append(" tables");
    if (report.message != null) {
      text.append("; ").append(report.reason).append(": ").append(report.message);
    }
    for (Report.Finding finding : report.findings) {
      text.append("\n  ").append(finding.table);
      if (finding.column != null) {
        text.append('.').append(finding.column);
      }
      text.append(": ").append(finding.rule);
      if (finding.count > 0) {
        text.append(" (")
            .append(finding.count)
            .append(" rows, rowids ")
            .append(finding.rowids)
            .append(')');
      }
    }
    return text.toString();
  }

  private Result ended(String outcome, Result result, String reason, String message) {
    report.outcome = outcome;
    report.reason = reason;
    report.message = message;
    return result;
  }

  /**
   * Data and integrity errors of the server are refusals. Its detail line holds values and is left
   * out.
   */
  private Result ended(PSQLException e) {
    ServerErrorMessage server = e.getServerErrorMessage();
    String state = String.valueOf(e.getSQLState());
    if (server != null
        && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"))) {
      String table = Optional.ofNullable(server.getTable()).orElse("?");
      report.find(table, server.getColumn(), String.valueOf(server.getMessage()));
      return ended(
          "refused",
          Result.REFUSED,
          "TargetRefused",
          "the target refuses the data: " + server.getMessage());
    }
    return ended(
        "failed",
        Result.FAILED,
        "TargetFailed",
        server == null
            ? "the connection to the target failed (" + state + ")"
            : String.valueOf(server.getMessage()));
  }

  private Result plan() throws Exception {
    try (Source source = Source.open(request.source());
        Connection connection = request.target().connect()) {
      connection.setAutoCommit(false);
      Sql.execute(connection, "SET LOCAL TimeZone = 'UTC'");
      prepare(source, connection);
      connection.rollback();
      return findings(Result.PLANNED, "plan");
    }
  }

  private Result move() throws Exception {
    SourceLock lock = SourceLock.take(request.source());
    long version = lock.dataVersion();
    try (Connection connection = request.target().connect()) {
      Marker.prepare(connection);
      Optional<String> earlier = Marker.outcome(connection, request.operation());
      if (earlier.isPresent()) {
        return earlier.get().equals("committed")
            ? ended(
                "already-moved",
                Result.MOVED,
                "AlreadyMoved",
                "the marker of this move is in the target")
            : ended(
                "failed",
                Result.FAILED,
                "Aborted",
                "this move was taken back and never goes forward again");
      }
      Path snapshot = snapshot();
      try (Source source = Source.open(snapshot)) {
        connection.setAutoCommit(false);
        Mapping mapping = prepare(source, connection);
        if (findings(Result.PLANNED, "plan") == Result.REFUSED) {
          connection.rollback();
          return Result.REFUSED;
        }
        progress.total(report.rows);
        progress.phase("copying");
        new Loader(connection, source, new Target(connection), mapping, report, progress).load();
        report.outcome = "moved";
        Marker.commit(
            connection, request.operation(), fingerprint(), JSON.writeValueAsString(report));
        if (lock.dataVersion() != version) {
          throw new RefusedException(
              "SourceChanged", "somebody wrote to the source in spite of the lock");
        }
        connection.commit();
      }
      connection.setAutoCommit(true);
      Sql.execute(connection, "ANALYZE");
      if (!snapshot.equals(request.source())) {
        Files.deleteIfExists(snapshot);
      }
      return Result.MOVED;
    }
  }

  /** Compares the schemas, makes one where that is asked for, and tries every value. */
  private Mapping prepare(Source source, Connection connection) throws Exception {
    Target target = new Target(connection);
    List<SourceTable> tables = source.tables();
    List<TargetTable> existing = target.tables();
    if (existing.isEmpty()) {
      if (!request.derive()) {
        throw new RefusedException(
            "TargetEmpty",
            "the target has no tables: run the application's migrations there, or use --schema derive");
      }
      new DerivedSchema(source, connection, report).create(tables);
      existing = target.tables();
    }
    Mapping mapping = Mapping.of(tables, existing);
    if (!request.replaceRows()) {
      for (Mapping.Pair pair : mapping.pairs()) {
        if (target.count(pair.target().name()) > 0) {
          throw new RefusedException(
              "TargetNotEmpty",
              "table "
                  + pair.target().name()
                  + " of the target has rows; empty it, or replace them with --replace-target-rows");
        }
      }
    }
    new Planner(source, target, mapping, report).run();
    return mapping;
  }

  private Result findings(Result good, String outcome) {
    return report.findings.isEmpty()
        ? ended(outcome, good, "Plan", "every value can be moved")
        : ended(
            "refused",
            Result.REFUSED,
            "ValuesRefused",
            report.findings.size() + " findings are in the way");
  }

  /**
   * A verified copy that the rows are read from; without a directory for it, the locked source
   * itself is read.
   */
  private Path snapshot() throws SQLException, IOException {
    Path directory = request.snapshotDirectory();
    if (directory == null) {
      return request.source();
    }
    Files.createDirectories(directory);
    Path partial = directory.resolve(request.operation() + ".db.partial");
    Files.deleteIfExists(partial);
    progress.phase("snapshot");
    try (Connection connection =
        java.sql.DriverManager.getConnection("jdbc:sqlite:" + request.source())) {
      Sql.execute(connection, "backup to '" + partial.toString().replace("'", "''") + "'");
    }
    try (java.nio.channels.FileChannel channel =
        java.nio.channels.FileChannel.open(partial, java.nio.file.StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Path snapshot = directory.resolve(request.operation() + ".db");
    Files.move(partial, snapshot, StandardCopyOption.ATOMIC_MOVE);
    return snapshot;
  }

  private String fingerprint() {
    return report.tables.stream()
        .map(t -> t.name + "=" + t.hash)
        .collect(java.util.stream.Collectors.joining(";"));
  }

  private void writeReport() throws IOException {
    if (request.report() != null) {
      Files.write(
          request.report(), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
    }
    progress.event(Map.of("event", "report", "report", report));
  }
}
