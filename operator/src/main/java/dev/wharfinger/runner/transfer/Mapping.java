package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.SourceTable.SourceColumn;
import dev.wharfinger.runner.transfer.TargetTable.TargetColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which table and column goes where: by exact name, else by the only name that differs in case
 * alone.
 *
 * @param pairs tables that are copied
 * @param bookkeeping tables that record schema revisions; compared, never copied
 * @param unmatched tables of the source that the target lacks
 * @param targetOnly tables of the target that the source lacks; left as they are
 */
record Mapping(
    List<Pair> pairs,
    List<Pair> bookkeeping,
    List<SourceTable> unmatched,
    List<TargetTable> targetOnly) {
  private static final Set<String> BOOKKEEPING =
      Set.of(
          "alembic_version",
          "flyway_schema_history",
          "django_migrations",
          "__diesel_schema_migrations",
          "seaql_migrations",
          "_sqlx_migrations",
          "_prisma_migrations",
          "knex_migrations",
          "knex_migrations_lock",
          "goose_db_version",
          "schema_migrations",
          "ar_internal_metadata");

  /**
   * One table on both sides.
   *
   * @param columns columns on both sides
   * @param extra columns of the source that the target lacks
   * @param missing columns of the target that the source lacks and that nothing fills
   */
  record Pair(
      SourceTable source,
      TargetTable target,
      List<Columns> columns,
      List<SourceColumn> extra,
      List<TargetColumn> missing) {

    List<SourceColumn> sourceColumns() {
      return columns.stream().map(Columns::source).toList();
    }

    List<String> targetNames() {
      return columns.stream().map(c -> c.target().name()).toList();
    }
  }

  /** One column on both sides. */
  record Columns(SourceColumn source, TargetColumn target) {}

  static Mapping of(List<SourceTable> sources, List<TargetTable> targets) {
    List<Pair> pairs = new ArrayList<>();
    List<Pair> bookkeeping = new ArrayList<>();
    List<SourceTable> unmatched = new ArrayList<>();
    List<TargetTable> rest = new ArrayList<>(targets);
    for (SourceTable source : sources) {
      TargetTable target = match(source.name(), targets, TargetTable::name);
      if (target != null) {
        rest.remove(target);
        (BOOKKEEPING.contains(source.name()) ? bookkeeping : pairs).add(pair(source, target));
      } else if (!BOOKKEEPING.contains(source.name())) {
        unmatched.add(source);
      }
    }
    return new Mapping(pairs, bookkeeping, unmatched, rest);
  }

  private static Pair pair(SourceTable source, TargetTable target) {
    List<Columns> columns = new ArrayList<>();
    List<SourceColumn> extra = new ArrayList<>();
    List<TargetColumn> rest = new ArrayList<>(target.columns());
    for (SourceColumn column : source.columns()) {
      TargetColumn match = match(column.name(), target.columns(), TargetColumn::name);
      if (match == null) {
        extra.add(column);
      } else {
        rest.remove(match);
        if (!match.generated()) {
          columns.add(new Columns(column, match));
        }
      }
    }
    List<TargetColumn> missing =
        rest.stream().filter(c -> c.notNull() && !c.hasDefault() && !c.generated()).toList();
    return new Pair(source, target, columns, extra, missing);
  }

  private static <T> @Nullable T match(
      String name, List<T> candidates, Function<T, String> naming) {
    for (T candidate : candidates) {
      if (naming.apply(candidate).equals(name)) {
        return candidate;
      }
    }
    List<T> alike =
        candidates.stream().filter(c -> naming.apply(c).equalsIgnoreCase(name)).toList();
    return alike.size() == 1 ? alike.getFirst() : null;
  }
}
