package dev.wharfinger.runner.transfer.large;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The rows that give way to a large transfer, for as long as it may still be taken back: beside its
 * ledger, in a table for each table that had some. They go there in the transaction that empties
 * the table, and from there in the one that deletes the ledger, so no crash finds them in neither.
 */
public final class ReplacedRows {
  private ReplacedRows() {}

  private static String name(UUID operation, String target) {
    UUID name = UUID.nameUUIDFromBytes((operation + " " + target).getBytes(StandardCharsets.UTF_8));
    return "wharfinger.replaced_" + name.toString().replace("-", "");
  }

  /** Copies the rows of {@code target}, which is locked and is emptied next. */
  public static void keep(Connection connection, UUID operation, String target)
      throws SQLException {
    Sql.run(connection, "CREATE TABLE %s AS TABLE %s".formatted(name(operation, target), target));
  }

  /**
   * Puts them back into {@code target}, which is empty and has its triggers off; without any this
   * does nothing.
   */
  static void putBack(Connection connection, UUID operation, String target) throws SQLException {
    String kept = name(operation, target);
    if (Sql.number(connection, "SELECT (to_regclass('" + kept + "') IS NOT NULL)::int") == 0) {
      return;
    }
    String columns =
        Sql.text(
            connection,
            """
            SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute k
            WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped
              AND NOT EXISTS (SELECT FROM pg_attribute t
                WHERE t.attrelid = %s::regclass AND t.attname = k.attname AND t.attgenerated <> '')\
            """
                .formatted(kept, Quoting.text(target)));
    String names = columns.isEmpty() ? "" : " (" + columns + ")";
    Sql.run(
        connection,
        "INSERT INTO %s%s OVERRIDING SYSTEM VALUE SELECT %s FROM %s"
            .formatted(target, names, columns, kept));
    if (rows(connection, target) != rows(connection, kept)) {
      throw new SQLException(
          "rows that were replaced do not come back into %s; they are in %s"
              .formatted(target, kept));
    }
  }

  private static long rows(Connection connection, String table) throws SQLException {
    return Sql.number(connection, "SELECT count(*) FROM " + table);
  }

  /** Lets them go: they are back, or the rows they gave way to are there to stay. */
  static void drop(Connection connection, UUID operation, Collection<String> targets)
      throws SQLException {
    if (!targets.isEmpty()) {
      Sql.run(
          connection,
          targets.stream()
              .map(target -> name(operation, target))
              .collect(Collectors.joining(", ", "DROP TABLE IF EXISTS ", "")));
    }
  }
}
