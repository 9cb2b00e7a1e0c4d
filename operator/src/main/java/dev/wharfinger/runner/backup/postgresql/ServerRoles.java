package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a server has beside its databases, as statements for whoever builds a new one: roles without
 * their passwords, what they are members of, their settings, tablespaces. pg_dumpall says the same,
 * but asks a shell for pg_dump's version, and where the operator runs there is no shell.
 */
final class ServerRoles {
  /** The server's own are made with it. */
  private static final String ROLES =
      """
      SELECT format('CREATE ROLE %1$I; ALTER ROLE %1$I WITH', rolname)
        || CASE WHEN rolsuper THEN ' SUPERUSER' ELSE ' NOSUPERUSER' END
        || CASE WHEN rolinherit THEN ' INHERIT' ELSE ' NOINHERIT' END
        || CASE WHEN rolcreaterole THEN ' CREATEROLE' ELSE ' NOCREATEROLE' END
        || CASE WHEN rolcreatedb THEN ' CREATEDB' ELSE ' NOCREATEDB' END
        || CASE WHEN rolcanlogin THEN ' LOGIN' ELSE ' NOLOGIN' END
        || CASE WHEN rolreplication THEN ' REPLICATION' ELSE ' NOREPLICATION' END
        || CASE WHEN rolbypassrls THEN ' BYPASSRLS' ELSE ' NOBYPASSRLS' END
        || CASE WHEN rolconnlimit >= 0 THEN ' CONNECTION LIMIT ' || rolconnlimit ELSE '' END
        || CASE WHEN rolvaliduntil IS NULL THEN '' ELSE format(' VALID UNTIL %L', rolvaliduntil) END
        || ';'
        || coalesce(format(E'\\nCOMMENT ON ROLE %I IS ', rolname)
          || quote_literal(shobj_description(oid, 'pg_authid')) || ';', '')
      FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname\
      """;

  /** Who granted it is left out: it may be a role that cannot do so elsewhere. */
  private static final String MEMBERS =
      """
      SELECT format('GRANT %I TO %I', r.rolname, m.rolname)
        || CASE
          -- Since PostgreSQL 16 there are three options; before, there was one.
          WHEN a.inherits IS NOT NULL
            THEN ' WITH ADMIN ' || a.admin || ', INHERIT ' || a.inherits || ', SET ' || a.sets
          WHEN a.admin THEN ' WITH ADMIN OPTION'
          ELSE ''
        END || ';'
      FROM (
        SELECT roleid, member, bool_or(admin_option) AS admin,
          bool_or((to_jsonb(g) ->> 'inherit_option')::boolean) AS inherits,
          bool_or((to_jsonb(g) ->> 'set_option')::boolean) AS sets
        FROM pg_auth_members g GROUP BY roleid, member
      ) a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
      WHERE m.rolname !~ '^pg_' ORDER BY r.rolname, m.rolname\
      """;

  private static final String SETTINGS =
      """
      SELECT format('ALTER ROLE %I SET %I TO ', r.rolname, split_part(line, '=', 1)),
        split_part(line, '=', 1), substr(line, strpos(line, '=') + 1)
      FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) line
      WHERE s.setdatabase = 0 AND r.rolname !~ '^pg_' ORDER BY r.rolname, line\
      """;

  private static final int PARAMETERS_SINCE = 15;

  private static final String PARAMETERS =
      """
      SELECT format('GRANT %s ON PARAMETER %I TO %I', g.privilege_type, p.parname, r.rolname)
        || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END || ';'
      FROM pg_parameter_acl p, aclexplode(p.paracl) g JOIN pg_roles r ON r.oid = g.grantee
      WHERE r.rolname !~ '^pg_' ORDER BY 1\
      """;

  private static final String TABLESPACES =
      """
      SELECT format('CREATE TABLESPACE %I OWNER %I LOCATION %L;',
        spcname, pg_get_userbyid(spcowner), pg_tablespace_location(oid))
      FROM pg_tablespace WHERE spcname !~ '^pg_' ORDER BY spcname\
      """;

  /** Settings that are lists of names: as one text they would be one name with commas in it. */
  private static final Set<String> LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|([^\\s,\"]+)");

  private ServerRoles() {}

  /** Writes the statements. */
  static void write(Connection connection, int major, OutputStream out)
      throws SQLException, IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "-- Roles have no passwords here. One that is there already is refused, and altered.");
    lines.add("SET standard_conforming_strings = on;");
    Sql.each(connection, ROLES, row -> lines.add(row.getString(1)));
    Sql.each(connection, MEMBERS, row -> lines.add(row.getString(1)));
    Sql.each(
        connection,
        SETTINGS,
        row -> lines.add(row.getString(1) + value(row.getString(2), row.getString(3)) + ";"));
    if (major >= PARAMETERS_SINCE) {
      Sql.each(connection, PARAMETERS, row -> lines.add(row.getString(1)));
    }
    Sql.each(connection, TABLESPACES, row -> lines.add(row.getString(1)));
    for (String line : lines) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The value of a setting as a statement has it; anything may stand in it. */
  private static String value(String setting, String value) {
    if (!LISTS.contains(setting)) {
      return Sql.literal(value);
    }
    String names =
        NAME.matcher(value)
            .results()
            .map(ServerRoles::name)
            .map(Sql::literal)
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "''" : names;
  }

  private static String name(MatchResult one) {
    String quoted = one.group(1);
    return quoted == null ? one.group(2) : quoted.replace("\"\"", "\"");
  }
}
