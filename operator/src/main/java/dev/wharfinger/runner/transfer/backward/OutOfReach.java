package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tables that a move back does not read: of other schemas, in parts, of other servers, or inherited
 * from. To leave them behind without a word would lose their rows.
 */
final class OutOfReach {
  private OutOfReach() {}

  /**
   * A finding for each; what belongs to an extension is not the application's. Where somebody said
   * which schema is meant, tables of others are not: these are given back, with the reason.
   *
   * @param said whether somebody said that it is this schema
   */
  static Map<String, String> find(
      Connection connection, String schema, boolean said, Findings findings) throws SQLException {
    Map<String, String> elsewhere = new LinkedHashMap<>();
    Sql.each(
        connection,
        """
        SELECT n.nspname || '.' || c.relname,
               CASE WHEN c.relkind = 'p' THEN 'it is in partitions'
                    WHEN c.relkind = 'f' THEN 'it is a foreign table'
                    WHEN n.nspname <> %1$s THEN 'it is in another schema'
                    ELSE 'it inherits, or is inherited from' END,
               n.nspname <> %1$s
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f')
          AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'wharfinger')
          AND n.nspname !~ '^pg_(toast|temp)'
          AND (n.nspname <> %1$s OR c.relkind <> 'r'
               OR EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)))
          AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 1\
        """
            .formatted(Sql.literal(schema)),
        row -> {
          if (said && row.getBoolean(3)) {
            elsewhere.put(row.getString(1), "in another schema than the one that was said");
          } else {
            findings.add(row.getString(1), "", "table-out-of-reach", row.getString(2));
          }
        });
    return elsewhere;
  }
}
