package dev.wharfinger.runner.probe;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells the application's role of itself beside. One statement on the connection that
 * is there anyway, whose own session is left out of every number.
 */
final class Figures {
  /** What others do a role is not told, but how many they are. */
  private static final String QUESTION =
      """
      SELECT pg_database_size(current_database()) AS "bytes",
        count(*) FILTER (WHERE state = 'active') AS "active",
        count(*) FILTER (WHERE state = 'idle') AS "idle",
        count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS "idleInTransaction",
        (SELECT numbackends - 1 FROM pg_stat_database WHERE datname = current_database()) AS "connections",
        current_setting('max_connections')::bigint AS "maxConnections",
        coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::bigint AS "oldestTransactionSeconds"
      FROM pg_stat_activity
      WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()
      """;

  private Figures() {}

  /** By name; null where the server does not tell, which keeps nobody out. */
  static @Nullable Map<String, Long> of(Connection connection) {
    Map<String, Long> figures = new LinkedHashMap<>();
    try {
      Sql.each(
          connection,
          QUESTION,
          row -> {
            for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
              figures.put(row.getMetaData().getColumnLabel(column), row.getLong(column));
            }
          });
      return figures;
    } catch (SQLException e) {
      return null;
    }
  }
}
