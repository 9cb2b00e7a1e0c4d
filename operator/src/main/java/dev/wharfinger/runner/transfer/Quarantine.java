package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Rows that are left out of their tables, kept whole in the schema {@code wharfinger}, in the
 * transaction of the move: each cell with its storage class and the very bytes that SQLite stores.
 * Nothing is lost with the volume of the file.
 */
final class Quarantine {
  private final Connection connection;
  private final SourceDatabase source;
  private final UUID operation;

  Quarantine(Connection connection, SourceDatabase source, UUID operation) {
    this.connection = connection;
    this.source = source;
    this.operation = operation;
  }

  /** Says how many rows there are, and finds out early that there is no place for them. */
  static void check(
      Connection connection, List<TableMapping> tables, Findings findings, Consumer<String> note)
      throws SQLException {
    long rows = tables.stream().mapToLong(table -> table.quarantined.size()).sum();
    if (rows == 0) {
      return;
    }
    note.accept(rows + " rows are left out of their tables and kept in wharfinger.quarantine");
    boolean allowed =
        Sql.number(
                connection,
                """
                SELECT coalesce(CASE
                  WHEN to_regnamespace('wharfinger') IS NULL
                    THEN has_database_privilege(current_database(), 'CREATE')
                  WHEN NOT has_schema_privilege('wharfinger', 'USAGE') THEN false
                  WHEN to_regclass('wharfinger.quarantine_cell') IS NULL
                    THEN has_schema_privilege('wharfinger', 'CREATE')
                  ELSE has_table_privilege('wharfinger.quarantine', 'INSERT')
                    AND has_table_privilege('wharfinger.quarantine_cell', 'INSERT')
                    AND has_table_privilege('wharfinger.quarantine_cell', 'SELECT') END, false)::int\
                """)
            == 1;
    if (!allowed) {
      findings.add("", "", "quarantine-not-allowed", rows + " rows have nowhere to go");
    }
  }

  /** Writes all rows that are kept aside, and reads them back. */
  void write(List<TableMapping> tables) throws Exception {
    if (tables.stream().allMatch(table -> table.quarantined.isEmpty())) {
      return;
    }
    Sql.run(
        connection,
        """
        CREATE TABLE IF NOT EXISTS wharfinger.quarantine (
          operation uuid NOT NULL,
          table_name text NOT NULL,
          row_id bigint NOT NULL,
          target text NOT NULL,
          column_name text NOT NULL,
          rule text NOT NULL,
          encoding text NOT NULL,
          at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (operation, table_name, row_id))\
        """);
    Sql.run(
        connection,
        """
        CREATE TABLE IF NOT EXISTS wharfinger.quarantine_cell (
          operation uuid NOT NULL,
          table_name text NOT NULL,
          row_id bigint NOT NULL,
          position integer NOT NULL,
          column_name text NOT NULL,
          storage text NOT NULL CHECK (storage IN ('null', 'integer', 'real', 'text', 'blob')),
          integer_value bigint,
          real_value double precision,
          bytes bytea,
          PRIMARY KEY (operation, table_name, row_id, position),
          FOREIGN KEY (operation, table_name, row_id)
            REFERENCES wharfinger.quarantine ON DELETE CASCADE)\
        """);
    for (TableMapping table : tables) {
      if (!table.quarantined.isEmpty()) {
        QuarantinedRows rows = new QuarantinedRows(connection, source, operation, table);
        rows.compare(rows.write());
      }
    }
  }
}
