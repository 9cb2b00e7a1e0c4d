package dev.wharfinger.runner.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables in which migration tools keep what they have done, read in the tools' own order. */
enum RevisionTable {
  ALEMBIC("Alembic", "alembic_version", "version_num", "version_num IS NOT NULL", "version_num"),
  FLYWAY(
      "Flyway",
      "flyway_schema_history",
      "version",
      "success AND version IS NOT NULL",
      "installed_rank"),
  DIESEL("Diesel", "__diesel_schema_migrations", "version", "version IS NOT NULL", "version"),
  SEAORM("SeaORM", "seaql_migrations", "version", "version IS NOT NULL", "version"),
  DJANGO("Django", "django_migrations", "app || '.' || name", "name IS NOT NULL", "id"),
  PRISMA(
      "Prisma",
      "_prisma_migrations",
      "migration_name",
      "finished_at IS NOT NULL AND rolled_back_at IS NULL",
      "started_at, migration_name"),
  KNEX("Knex", "knex_migrations", "name", "name IS NOT NULL", "id");

  private final String tool;
  private final String table;
  private final String revision;
  private final String done;
  private final String order;

  RevisionTable(String tool, String table, String revision, String done, String order) {
    this.tool = tool;
    this.table = table;
    this.revision = revision;
    this.done = done;
    this.order = order;
  }

  /** The tool's name, as it is written. */
  String tool() {
    return tool;
  }

  /** All that was done, the oldest first; nothing where there is no such table. */
  Optional<List<String>> read(Connection connection, boolean server) throws SQLException {
    if (!exists(connection, server)) {
      return Optional.empty();
    }
    List<String> revisions = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT %s FROM %s WHERE %s ORDER BY %s".formatted(revision, table, done, order))) {
      while (rows.next()) {
        revisions.add(rows.getString(1));
      }
    }
    return Optional.of(revisions);
  }

  /** What the database is at: the last, and of Alembic all heads, because it keeps nothing else. */
  String current(List<String> revisions) {
    return this == ALEMBIC ? String.join(", ", revisions) : revisions.getLast();
  }

  private boolean exists(Connection connection, boolean server) throws SQLException {
    String question =
        server
            ? "SELECT to_regclass('" + table + "') IS NOT NULL"
            : "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND lower(name) = '"
                + table
                + "'";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
