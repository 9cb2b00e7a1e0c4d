package dev.wharfinger.runner.transfer.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tables whose rows may end in another table, or on another server. */
final class UnusualTables {
  private UnusualTables() {}

  /** Names and reasons. */
  static Map<String, String> read(Connection connection, String schema) throws SQLException {
    Map<String, String> unusual = new LinkedHashMap<>();
    Sql.each(
        connection,
        """
        SELECT c.relname,
               CASE WHEN c.relkind = 'p' THEN 'it is in partitions'
                    WHEN c.relkind = 'f' THEN 'it is a foreign table'
                    WHEN c.relispartition THEN 'it is a partition'
                    ELSE 'it inherits, or is inherited from' END
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = %s
        WHERE c.relkind IN ('p', 'f')
           OR c.relkind = 'r'
              AND EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent))
        ORDER BY 1\
        """
            .formatted(Sql.literal(schema)),
        row -> unusual.put(row.getString(1), row.getString(2)));
    return unusual;
  }
}
