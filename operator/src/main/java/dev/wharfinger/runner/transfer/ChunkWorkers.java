package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several {@link ChunkWorker}s at work, for as long as the session with the lock is there. */
final class ChunkWorkers {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkWorkers.class);
  private final SourceAccess access;
  private final TransferOptions options;
  private final ChunkWorker.Run run;
  private final List<TableMapping> tables;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();

  ChunkWorkers(
      SourceAccess access,
      TransferOptions options,
      ChunkWorker.Run run,
      List<TableMapping> tables) {
    this.access = access;
    this.options = options;
    this.run = run;
    this.tables = tables;
  }

  /**
   * Lets them work to the end.
   *
   * @param holder the session that holds the lock; asked again and again whether it is there
   */
  void work(Connection holder) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(options.large().workers());
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < options.large().workers(); i++) {
        boolean first = i == 0;
        all.add(
            threads.submit(() -> {
              one(first);
              return null;
            }));
      }
      for (Future<?> one : all) {
        await(one, holder);
      }
    } finally {
      run.queue().stop();
      // Without effect on those that have ended; others must not go on without the lock.
      for (Connection connection : connections) {
        connection.abort(Runnable::run);
      }
      threads.shutdown();
      threads.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private void one(boolean first) throws Exception {
    try (Connection connection = connect(first)) {
      if (connection == null) {
        return;
      }
      connections.add(connection);
      new ChunkWorker(run, connection, access.another(), tables).work();
    } catch (Exception | Error e) {
      // The others end with what they have begun.
      run.queue().stop();
      throw e;
    }
  }

  /** A server may have no place for more than one. */
  private @org.jspecify.annotations.Nullable Connection connect(boolean first) throws SQLException {
    try {
      return TargetSession.open(options);
    } catch (SQLException e) {
      if (first) {
        throw e;
      }
      LOG.warn("one worker less: {}", ServerErrors.describe(e));
      return null;
    }
  }

  private static void await(Future<?> worker, Connection holder) throws Exception {
    while (true) {
      try {
        worker.get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        Sql.run(holder, "SELECT 1");
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case Exception cause -> throw cause;
          case Error cause -> throw cause;
          case null, default -> throw e;
        }
      }
    }
  }
}
