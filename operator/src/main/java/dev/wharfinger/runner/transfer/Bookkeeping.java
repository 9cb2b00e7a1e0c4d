package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.postgresql.TargetColumn;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tables in which migration tools keep what they have done. They are never copied: the target's say
 * what was done to the target. They are compared: data of one revision do not belong into a schema
 * of another.
 */
public final class Bookkeeping {
  /** Table to the column that names a revision; empty where there is nothing to compare. */
  private static final Map<String, String> TABLES =
      Map.ofEntries(
          Map.entry("alembic_version", "version_num"),
          Map.entry("flyway_schema_history", "version"),
          Map.entry("django_migrations", "name"),
          Map.entry("__diesel_schema_migrations", "version"),
          Map.entry("seaql_migrations", "version"),
          Map.entry("_prisma_migrations", "migration_name"),
          Map.entry("knex_migrations", "name"),
          Map.entry("knex_migrations_lock", ""),
          Map.entry("goose_db_version", "version_id"),
          Map.entry("schema_migrations", "version"),
          Map.entry("ar_internal_metadata", ""),
          Map.entry("_sqlx_migrations", "version"),
          Map.entry("gorp_migrations", "id"),
          Map.entry("refinery_schema_history", "version"),
          Map.entry("__efmigrationshistory", "MigrationId"),
          Map.entry("__efmigrationslock", ""),
          Map.entry("databasechangelog", "id"),
          Map.entry("databasechangeloglock", ""),
          Map.entry("sequelizemeta", "name"),
          Map.entry("kysely_migration", "name"),
          Map.entry("kysely_migration_lock", ""),
          Map.entry("mikro_orm_migrations", "name"),
          // Its hashes are those of the statements, which differ for each database.
          Map.entry("__drizzle_migrations", ""),
          Map.entry("doctrine_migration_versions", "version"),
          Map.entry("phinxlog", "version"),
          Map.entry("aerich", "version"),
          Map.entry("checkpoint_migrations", ""),
          Map.entry("store_migrations", ""),
          Map.entry("vector_migrations", ""));

  /** A name that others use too, by the columns that tell: Laravel's, and TypeORM's. */
  private static final String COMMON = "migrations";

  private static final Map<Set<String>, String> SHAPES =
      Map.of(
          Set.of("id", "migration", "batch"),
          "migration",
          Set.of("id", "timestamp", "name"),
          "name");

  private Bookkeeping() {}

  public static boolean is(SourceTable table) {
    return revision(table.name(), table.columns().stream().map(SourceColumn::name).toList())
        .isPresent();
  }

  public static boolean is(TargetTable table) {
    return revision(table.name(), table.columns().stream().map(TargetColumn::name).toList())
        .isPresent();
  }

  /** The column that names a revision, or the empty text; nothing for all other tables. */
  private static Optional<String> revision(String table, List<String> columns) {
    String name = Names.lower(table);
    return Optional.ofNullable(
        name.equals(COMMON)
            ? SHAPES.get(new TreeSet<>(columns.stream().map(Names::lower).toList()))
            : TABLES.get(name));
  }

  /**
   * What two databases say about their revision.
   *
   * @param table the bookkeeping table
   * @param source revisions in the source
   * @param target revisions in the target; null where it has no such table
   */
  public record Revision(String table, Set<String> source, @Nullable Set<String> target) {
    public boolean equal() {
      return source.equals(target);
    }

    /** Names what one side has and the other has not, or both where they have nothing in common. */
    public String difference() {
      Set<String> onlySource = new TreeSet<>(source);
      Set<String> onlyTarget = new TreeSet<>(target == null ? Set.of() : target);
      onlySource.removeAll(target == null ? Set.of() : target);
      onlyTarget.removeAll(source);
      return "only in the source: " + onlySource + ", only in the target: " + onlyTarget;
    }
  }

  /** Compares all such tables; what differs becomes a finding. */
  static void compare(
      Map<SourceTable, @Nullable TargetTable> tables,
      SourceDatabase source,
      Connection connection,
      Policies policies,
      Findings findings,
      Report report)
      throws Exception {
    for (var entry : tables.entrySet()) {
      Revision revision = compare(source, entry.getKey(), connection, entry.getValue());
      if (revision == null) {
        continue;
      }
      report.revision(revision);
      boolean nothing = revision.target() == null && revision.source().isEmpty();
      if (nothing || revision.equal() || policies.ignoresRevisions(revision.table())) {
        continue;
      }
      findings.add(
          revision.table(),
          "",
          "revision-differs",
          revision.target() == null
              ? "the target has no such table: the migration tool would begin there anew, on tables"
                  + " that are made"
              : revision.difference());
    }
  }

  /** Warns of revisions that the target alone has: with what they would agree nobody knows. */
  static void onlyInTarget(
      TargetCatalog target,
      Collection<@Nullable TargetTable> compared,
      Connection connection,
      Findings warnings)
      throws SQLException {
    for (TargetTable table : target.tables()) {
      List<String> columns = table.columns().stream().map(TargetColumn::name).toList();
      if (!revision(table.name(), columns).orElse("").isEmpty()
          && !compared.contains(table)
          && Sql.number(connection, "SELECT count(*) FROM " + table.sql()) > 0) {
        warnings.add(table.name(), "", "revision-not-compared", "the source has no such table");
      }
    }
  }

  /** Reads both sides; null where the table holds nothing that can be compared. */
  public static @Nullable Revision compare(
      SourceDatabase source, SourceTable table, Connection connection, @Nullable TargetTable target)
      throws Exception {
    List<String> columns = table.columns().stream().map(SourceColumn::name).toList();
    String column = revision(table.name(), columns).orElse("");
    if (column.isEmpty() || table.column(column).isEmpty()) {
      return null;
    }
    String select = Quoting.name(column);
    String from = "SELECT %s FROM %s WHERE " + Quoting.name(column) + " IS NOT NULL";
    if (table.column("app").isPresent()) {
      select = "app || '.' || " + select;
    } else if (both(table, target, "dirty")) {
      // golang-migrate: a migration that ended half way.
      select += " || CASE WHEN dirty THEN ' (dirty)' ELSE '' END";
    } else if (both(table, target, "success")) {
      // Flyway and SQLx.
      select +=
          " || CASE WHEN lower(CAST(success AS text)) IN ('1', 'true') THEN '' ELSE ' (failed)' END";
    } else if (both(table, target, "finished_at") && both(table, target, "rolled_back_at")) {
      // Prisma: what was rolled back is done again under the same name.
      select += " || CASE WHEN finished_at IS NULL THEN ' (failed)' ELSE '' END";
      from += " AND rolled_back_at IS NULL";
    }
    Set<String> here = new TreeSet<>();
    try (var statement = source.connection().createStatement();
        var rows = statement.executeQuery(from.formatted(select, Quoting.name(table.name())))) {
      while (rows.next()) {
        here.add(String.valueOf(rows.getString(1)));
      }
    }
    return new Revision(table.name(), here, there(connection, target, column, from, select));
  }

  private static boolean both(SourceTable table, @Nullable TargetTable target, String column) {
    return table.column(column).isPresent()
        && (target == null || target.columns().stream().anyMatch(c -> c.name().equals(column)));
  }

  private static @Nullable Set<String> there(
      Connection connection,
      @Nullable TargetTable target,
      String column,
      String from,
      String select)
      throws SQLException {
    if (target == null || target.columns().stream().noneMatch(c -> c.name().equals(column))) {
      return null;
    }
    Set<String> there = new TreeSet<>();
    Sql.each(
        connection,
        from.formatted(select, target.sql()),
        row -> there.add(String.valueOf(row.getString(1))));
    return there;
  }
}
