package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.large.Chunk;
import dev.wharfinger.runner.transfer.large.ChunkQueue;
import dev.wharfinger.runner.transfer.large.ReplacedRows;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Copies chunks, each in one transaction with its line in the ledger, with sessions of its own. */
final class ChunkWorker {
  private static final int TOLD_ROWS = 1000;

  /**
   * What all workers of a run have in common.
   *
   * @param run key of the run; when another is at work, this one stops
   * @param holder process id of the session that holds the run's lock
   * @param copied counts chunks
   */
  record Run(
      UUID operation, UUID run, long holder, ChunkQueue queue, Meter meter, AtomicInteger copied) {}

  private final Run run;
  private final Connection connection;
  private final SourceDatabase source;
  private final Map<String, TableMapping> tables;
  private long untold;

  ChunkWorker(Run run, Connection connection, SourceDatabase source, List<TableMapping> tables) {
    this.run = run;
    this.connection = connection;
    this.source = source;
    this.tables =
        tables.stream()
            .map(TableMapping::forWorker)
            .collect(Collectors.toMap(table -> table.target.sql(), table -> table));
  }

  /** Copies until nothing is left to be copied. */
  void work() throws Exception {
    for (Optional<Chunk> chunk = run.queue.next(); chunk.isPresent(); chunk = run.queue.next()) {
      copy(chunk.get());
      run.queue.done(chunk.get());
    }
  }

  private void copy(Chunk chunk) throws Exception {
    TableMapping table = tables.get(chunk.target());
    if (table == null) {
      throw new SQLException("the ledger has a table that is not moved: " + chunk.target());
    }
    Loader.settings(connection);
    Loader.noticeDeath(connection);
    chunk.claim(connection, run.operation, run.run, run.holder);
    if (chunk.first()) {
      empty(table);
    }
    TupleHash hash = table.columns.isEmpty() ? new TupleHash(new boolean[0]) : send(chunk, table);
    chunk.finish(
        connection, run.operation, new Chunk.Done(hash.rows(), table.bytes, hash.stored()));
    int number = run.copied.incrementAndGet();
    Failpoint.at("chunk-copied", number);
    connection.commit();
    Failpoint.at("after-chunk", number);
    run.meter.addMany(untold);
    untold = 0;
  }

  /**
   * Hours may have passed since it was agreed which rows give way, and hours may pass until it is
   * certain that they do.
   */
  private void empty(TableMapping table) throws SQLException {
    Loader.lock(connection, List.of(table));
    long rows = Sql.number(connection, "SELECT count(*) FROM " + table.target.sql());
    if (rows != table.replacedRows) {
      throw new SQLException(
          "table %s has %d rows and had %d when this transfer began; somebody writes there"
              .formatted(table.target.name(), rows, table.replacedRows));
    }
    if (rows > 0) {
      ReplacedRows.keep(connection, run.operation, table.target.sql());
    }
    Sql.run(connection, "TRUNCATE " + table.target.sql());
  }

  /** Gives the hash that the rows must have when they are read back from the target. */
  private TupleHash send(Chunk chunk, TableMapping table) throws Exception {
    CopyChannel channel = new CopyChannel(connection);
    RowPump pump = new RowPump(source, this::sent).within(chunk.where(table.rowid()));
    if (!table.staged()) {
      return channel.send(table, table.target.sql() + " (" + table.targetColumns() + ")", pump);
    }
    Stage stage = new Stage(connection, table, 0);
    stage.create();
    TupleHash sent = channel.send(table, stage.sql() + " (" + table.targetColumns() + ")", pump);
    if (!channel.readBack(table, stage.sql(), row -> {}).matches(sent)) {
      throw new SQLException(
          "what arrived for table " + table.target.name() + " is not what was sent");
    }
    stage.unload();
    return channel.readBack(table, stage.meant(), row -> {});
  }

  private void sent(long rows) {
    untold += rows;
    if (untold >= TOLD_ROWS) {
      run.meter.addMany(untold);
      untold = 0;
    }
  }
}
