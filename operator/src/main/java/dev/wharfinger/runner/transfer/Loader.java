package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.postgresql.SavedDefinitions;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.postgresql.TransferLock;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happens in the one transaction up to the marker. Needs the rights of the tables'
 * owner and nothing more.
 */
final class Loader {
  private final Connection connection;
  private final SourceDatabase source;
  private final List<TableMapping> tables;
  private final @Nullable DerivedSchema derived;
  private final Meter meter;
  private final Vacancy vacancy;
  private final Map<TableMapping, Stage> stages = new IdentityHashMap<>();

  Loader(
      Connection connection,
      SourceDatabase source,
      List<TableMapping> tables,
      @Nullable DerivedSchema derived,
      Meter meter,
      Vacancy vacancy) {
    this.connection = connection;
    this.source = source;
    this.tables = tables;
    this.derived = derived;
    this.meter = meter;
    this.vacancy = vacancy;
  }

  /** Settings of the transaction, and the lock against a second transfer. */
  static void begin(Connection connection) throws SQLException {
    settings(connection);
    noticeDeath(connection);
    TransferLock.take(connection);
  }

  /** Lets the server notice in the middle of a statement, too, that this process has died. */
  static void noticeDeath(Connection connection) throws SQLException {
    // Not even for as long as the statement takes that it was cut off in; servers before 14 cannot
    // tell.
    Sql.run(
        connection,
        "SELECT set_config(name, '5s', true) FROM pg_settings"
            + " WHERE name = 'client_connection_check_interval'");
  }

  /** Keeps everybody else away from the tables. */
  static void lock(Connection connection, List<TableMapping> tables) throws SQLException {
    Sql.run(connection, "LOCK TABLE " + names(tables) + " IN ACCESS EXCLUSIVE MODE");
  }

  private static String names(List<TableMapping> tables) {
    return String.join(", ", tables.stream().map(table -> table.target.sql()).toList());
  }

  /** Begins a transaction whose settings are not those of the role or the database. */
  static void settings(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    Sql.run(
        connection,
        // What another transfer committed while this one waited for a lock must be seen.
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
            + Sql.SPELLINGS
            + " SET LOCAL statement_timeout = 0;"
            + " SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '30s';"
            + " SET LOCAL maintenance_work_mem = '128MB'; SET LOCAL synchronous_commit = on;"
            // A transfer that was cut off must not hold its locks for hours.
            + " SET LOCAL tcp_keepalives_idle = 20; SET LOCAL tcp_keepalives_interval = 10;"
            + " SET LOCAL tcp_keepalives_count = 3");
  }

  /** Makes tables where they are to be made, replaces their rows, and compares what arrived. */
  Map<String, Long> load() throws Exception {
    SavedDefinitions saved = null;
    if (derived != null) {
      for (DerivedSchema.Statement statement : derived.before) {
        Sql.run(connection, statement.sql());
      }
    } else if (!tables.isEmpty()) {
      lock(connection, tables);
      vacancy.rows(tables);
      vacancy.require();
      saved = SavedDefinitions.of(connection, targets());
      saved.remove(connection);
      Sql.run(connection, "TRUNCATE " + names(tables));
      Failpoint.at("after-truncate");
    }
    copy();
    // SQLite answers while PostgreSQL builds indexes and sends.
    Semantics semantics = new Semantics(connection, source);
    try (Aside<Map<TableMapping, List<Cell>>> answers =
        new Aside<>("ask-sqlite", () -> semantics.answers(tables), source::interrupt)) {
      finish(saved);
      Map<String, Long> sequences =
          new Sequences(TargetCatalog.sequences(connection), tables).restart(connection, source);
      Failpoint.at("after-sequences");
      verify(semantics, answers);
      Failpoint.at("after-verify");
      return sequences;
    }
  }

  private void finish(@Nullable SavedDefinitions saved) throws SQLException {
    meter.closing("indexing");
    if (saved != null) {
      saved.restore(connection);
    } else if (derived != null) {
      for (DerivedSchema.Statement statement : derived.after) {
        Sql.run(connection, statement.sql());
      }
    }
    Failpoint.at("after-indexes");
  }

  private List<TargetTable> targets() {
    return tables.stream().map(table -> table.target).toList();
  }

  private void copy() throws Exception {
    meter.phase("copying");
    CopyChannel channel = new CopyChannel(connection);
    RowPump pump = new RowPump(source, meter::add);
    int copied = 0;
    for (TableMapping table : tables) {
      if (!table.columns.isEmpty()) {
        if (table.staged()) {
          Stage stage = new Stage(connection, table, stages.size());
          stages.put(table, stage);
          stage.create();
        }
        Stage stage = stages.get(table);
        String into = stage == null ? table.target.sql() : stage.sql();
        table.hash = channel.send(table, into + " (" + table.targetColumns() + ")", pump);
        if (table.hash.rows() != table.moved()) {
          throw new SQLException("the source is not what it was when it was planned");
        }
        if (stage != null) {
          stage.unload();
        }
      }
      Failpoint.at("after-table", ++copied);
    }
  }

  private void verify(Semantics semantics, Aside<Map<TableMapping, List<Cell>>> answers)
      throws Exception {
    meter.phase("verifying");
    CopyChannel channel = new CopyChannel(connection);
    for (TableMapping table : tables) {
      if (table.columns.isEmpty()) {
        continue;
      }
      Stage stage = stages.get(table);
      String from = stage == null ? table.target.sql() : stage.sql();
      boolean arrived = channel.readBack(table, from, meter::add).matches(table.hash);
      if (!arrived || (stage != null && !stage.matches())) {
        throw new SQLException(
            "what arrived in table " + table.target.name() + " is not what was sent");
      }
    }
    for (var entry : answers.get().entrySet()) {
      semantics.compare(entry.getKey(), entry.getValue());
    }
  }
}
