package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.large.Chunk;
import dev.wharfinger.runner.transfer.large.Ledger;
import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.SavedDefinitions;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The first transaction of a large transfer: everything that the load removes from the target is
 * written down before it is removed, and what it makes when it is made.
 */
record LargeOpening(
    Connection connection, TransferOptions options, UUID operation, Plan plan, Vacancy vacancy) {

  Ledger open(String fingerprint, UUID run) throws Exception {
    Loader.begin(connection);
    try {
      Ledger.lock(connection);
      // An abort waits with its marker until there is a ledger for it to find.
      Sql.run(connection, "LOCK TABLE wharfinger.marker IN SHARE ROW EXCLUSIVE MODE");
      if (Marker.outcome(connection, operation).isPresent()) {
        throw new SQLException("this operation was aborted while it was running");
      }
      vacancy.otherTransfer(operation);
      vacancy.require();
      Ledger ledger = new Ledger(operation, fingerprint, prepare());
      ledger.insert(connection, run, chunks());
      Failpoint.at("before-ledger");
      connection.commit();
      return ledger;
    } catch (Exception | OutOfMemoryError e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private Ledger.Saved prepare() throws Exception {
    DerivedSchema derived = plan.derived();
    List<TableMapping> tables = plan.tables();
    if (derived != null) {
      for (DerivedSchema.Statement statement : derived.before) {
        Sql.run(connection, statement.sql());
      }
      return saved(made(), derived.after.stream().map(DerivedSchema.Statement::sql).toList());
    }
    if (tables.isEmpty()) {
      return saved(List.of(), List.of());
    }
    Loader.lock(connection, tables);
    vacancy.rows(tables);
    vacancy.require();
    SavedDefinitions definitions = definitions(tables);
    definitions.remove(connection);
    return saved(List.of(), definitions.restore());
  }

  /** All names with their schemas: whoever restores it may have another search path. */
  private SavedDefinitions definitions(List<TableMapping> tables) throws SQLException {
    String path = Sql.text(connection, "SHOW search_path");
    Sql.run(connection, "SET LOCAL search_path TO pg_catalog");
    SavedDefinitions definitions =
        SavedDefinitions.of(connection, tables.stream().map(table -> table.target).toList());
    Sql.run(connection, "SET LOCAL search_path TO " + path);
    return definitions;
  }

  private Ledger.Saved saved(List<String> made, List<String> restore) {
    Map<String, Long> replaced = new LinkedHashMap<>();
    plan.tables().forEach(table -> replaced.put(table.target.name(), table.replacedRows));
    return new Ledger.Saved(
        hash(plan.tables()), plan.derived() != null, made, restore, plan.foreignKeys(), replaced);
  }

  /** The tables that this transaction itself has made. */
  private List<String> made() throws SQLException {
    List<String> made = new ArrayList<>();
    Sql.each(
        connection,
        """
        SELECT format('%I.%I', nspname, relname) FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace AND nspname = current_schema()
        WHERE relkind = 'r' AND c.xmin = (txid_current() % (2^32)::bigint)::text::xid ORDER BY 1\
        """,
        row -> made.add(row.getString(1)));
    return made;
  }

  private List<Chunk> chunks() {
    List<Chunk> chunks = new ArrayList<>();
    for (TableMapping table : plan.tables()) {
      // Rows that have no number are told apart by their place, which only a whole table has.
      List<Cuts.Range> ranges =
          table.source.rowidAlias().isEmpty()
              ? List.of(Cuts.Range.ALL)
              : table.cuts.ranges(options.large().chunkBytes());
      for (int i = 0; i < ranges.size(); i++) {
        Cuts.Range range = ranges.get(i);
        chunks.add(new Chunk(table.target.sql(), i, range.above(), range.upTo()));
      }
    }
    return chunks;
  }

  /** A hash of where each value goes, and how. */
  static String hash(List<TableMapping> tables) {
    StringBuilder all = new StringBuilder();
    for (TableMapping table : tables) {
      all.append("%s > %s %d%n".formatted(table.source.name(), table.target.sql(), table.moved()));
      for (ColumnMapping column : table.columns) {
        all.append(
            "%s > %s %s %s %d %s%n"
                .formatted(
                    column.source.name(),
                    column.target.name(),
                    column.target.formatted(),
                    column.unit(),
                    column.nulled.size(),
                    column.choices));
      }
    }
    try {
      byte[] text = all.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
