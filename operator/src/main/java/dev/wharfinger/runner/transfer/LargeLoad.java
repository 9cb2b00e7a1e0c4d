package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.large.Chunk;
import dev.wharfinger.runner.transfer.large.ChunkQueue;
import dev.wharfinger.runner.transfer.large.Ledger;
import dev.wharfinger.runner.transfer.large.TakeBack;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Loader} does, in many transactions: one that opens the ledger, one for each
 * chunk, and the last one, which ends with the marker. In between the target is half filled, and
 * the ledger says so. The session has the lock against other transfers from before the plan on.
 */
final class LargeLoad {
  static final String HALF_FILLED =
      "the target may be half filled; the same operation goes on from there, and transfer-abort"
          + " takes it back";

  private final Connection connection;
  private final SourceAccess access;
  private final TransferOptions options;
  private final UUID operation;
  private final String fingerprint;
  private final Meter meter;
  private final UUID run = UUID.randomUUID();
  private @Nullable Ledger ledger;

  LargeLoad(
      Connection connection,
      SourceAccess access,
      TransferOptions options,
      UUID operation,
      String sourceFingerprint,
      Meter meter) {
    this.connection = connection;
    this.access = access;
    this.options = options;
    this.operation = operation;
    this.fingerprint =
        Ledger.fingerprint(sourceFingerprint, options.derive() + " " + options.policies().all());
    this.meter = meter;
  }

  /** An earlier run of this operation that can be gone on with; any other is taken back. */
  Optional<Ledger> unfinished() throws SQLException {
    Optional<Ledger> earlier = Ledger.find(connection, operation);
    if (earlier.isPresent() && !earlier.get().fingerprint().equals(fingerprint)) {
      takeBack();
      return Optional.empty();
    }
    ledger = earlier.orElse(null);
    return earlier;
  }

  /** Takes back all that this operation has done to the target. */
  void takeBack() throws SQLException {
    TakeBack.run(connection, operation);
    ledger = null;
  }

  /** Copies every chunk that is not copied yet. */
  void fill(Plan plan, Vacancy vacancy) throws Exception {
    Ledger.prepare(connection);
    List<TableMapping> tables = plan.tables();
    Ledger earlier = ledger;
    if (earlier == null) {
      ledger =
          new LargeOpening(connection, options, operation, plan, vacancy).open(fingerprint, run);
    } else if (earlier.saved().plan().equals(LargeOpening.hash(tables))) {
      tables.forEach(table ->
          table.replacedRows = earlier.saved().replaced().getOrDefault(table.target.name(), 0L));
      takeOver(earlier);
    } else {
      takeBack();
      throw new SQLException(
          "the target's tables are not those that this transfer began with; what it had done is"
              + " taken back, so run it again");
    }
    Failpoint.at("ledger-open");
    List<Chunk> chunks = opened().chunks(connection);
    meter.phase(
        "copying",
        chunks.stream().map(Chunk::done).filter(d -> d != null).mapToLong(d -> d.rows()).sum());
    long holder = Sql.number(connection, "SELECT pg_backend_pid()");
    ChunkWorker.Run common =
        new ChunkWorker.Run(
            operation, run, holder, new ChunkQueue(chunks), meter, new AtomicInteger());
    new ChunkWorkers(access, options, common, tables).work(connection);
    Failpoint.at("chunks-copied");
  }

  private Ledger opened() {
    if (ledger == null) {
      throw new IllegalStateException("no ledger is open");
    }
    return ledger;
  }

  private void takeOver(Ledger earlier) throws SQLException {
    Loader.begin(connection);
    try {
      Ledger.lock(connection);
      earlier.take(connection, run);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** What the last transaction does up to the marker. */
  Map<String, Long> finish(SourceDatabase source, List<TableMapping> tables) throws Exception {
    Ledger.lock(connection);
    opened().require(connection, run);
    if (!tables.isEmpty()) {
      Loader.lock(connection, tables);
    }
    meter.closing("indexing");
    TakeBack.restore(connection, opened().saved().restore());
    Failpoint.at("after-indexes");
    Map<String, Long> sequences =
        new Sequences(TargetCatalog.sequences(connection), tables).restart(connection, source);
    Failpoint.at("after-sequences");
    verify(source, tables);
    Failpoint.at("after-verify");
    opened().delete(connection);
    return sequences;
  }

  private void verify(SourceDatabase source, List<TableMapping> tables) throws Exception {
    meter.phase("verifying");
    CopyChannel channel = new CopyChannel(connection);
    Semantics semantics = new Semantics(connection, source);
    Map<String, List<Chunk>> chunks =
        opened().chunks(connection).stream().collect(Collectors.groupingBy(Chunk::target));
    for (TableMapping table : tables) {
      table.hash = new TupleHash(table.jsonb());
      table.bytes = 0;
      for (Chunk chunk : chunks.getOrDefault(table.target.sql(), List.of())) {
        Chunk.Done done = chunk.done();
        if (done == null) {
          throw new SQLException("a part of table " + table.target.name() + " was not copied");
        }
        table.hash.addStored(done.hash());
        table.bytes += done.bytes();
      }
      if (table.columns.isEmpty()) {
        continue;
      }
      if (table.hash.rows() != table.moved()) {
        throw new SQLException("the source is not what it was when it was planned");
      }
      String from = table.staged() ? Stage.texts(table) : table.target.sql();
      if (!channel.readBack(table, from, meter::add).matches(table.hash)) {
        throw new SQLException(
            "what arrived in table "
                + table.target.name()
                + " is not what was sent, or somebody has written there; transfer-abort with"
                + " --operation "
                + operation
                + " takes all of it back");
      }
      semantics.compare(table, semantics.answers(table));
    }
  }
}
