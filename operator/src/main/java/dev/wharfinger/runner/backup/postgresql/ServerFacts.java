package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a server says of itself.
 *
 * @param major version, for example 17
 * @param version in full
 * @param system the identifier that initdb gave it, and the database's name
 */
record ServerFacts(int major, String version, String system) {

  /** Owners of what a dump makes; those of extensions are not named in it. */
  static final String OWNERS =
      """
      SELECT DISTINCT pg_get_userbyid(o.owner) FROM (
        SELECT oid, relowner AS owner, relnamespace AS space, 'pg_class'::regclass AS class
          FROM pg_class WHERE relpersistence <> 't'
        UNION ALL SELECT oid, proowner, pronamespace, 'pg_proc'::regclass FROM pg_proc
        UNION ALL SELECT oid, typowner, typnamespace, 'pg_type'::regclass FROM pg_type
        UNION ALL SELECT oid, nspowner, oid, 'pg_namespace'::regclass FROM pg_namespace
      ) o JOIN pg_namespace n ON n.oid = o.space
      WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND NOT (o.class = 'pg_namespace'::regclass AND n.nspname = 'public')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = o.class
          AND d.objid = o.oid AND d.deptype = 'e')
      ORDER BY 1\
      """;

  static ServerFacts of(PostgresUrl url) throws SQLException {
    try (Connection connection = url.connect()) {
      return new ServerFacts(
          major(connection),
          Sql.text(connection, "SHOW server_version"),
          Sql.text(connection, "SELECT system_identifier FROM pg_control_system()")
              + "/"
              + Sql.text(connection, "SELECT current_database()"));
    }
  }

  static int major(Connection connection) throws SQLException {
    return (int)
        (Sql.number(connection, "SELECT current_setting('server_version_num')::int") / 10_000);
  }
}
