package dev.wharfinger.runner.transfer;

import static java.util.stream.Collectors.joining;

import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds rows of the source whose parent is missing, by the TARGET's foreign keys: SQLite seldom
 * enforces its own. Rows are compared as they will arrive; PostgreSQL itself checks all keys when
 * they are put back.
 */
final class Orphans {
  /** A value for none that is no NULL shows as many rows with one and the same missing parent. */
  private static final int CLUSTER = 3;

  private final SourceDatabase source;
  private final List<TableMapping> tables;
  private final Policies policies;
  private final Findings chosen;
  private final Map<TargetForeignKey, KeyRows.Missing> refused = new LinkedHashMap<>();
  private final Set<TargetForeignKey> proven = new HashSet<>();

  /**
   * A look at nothing yet.
   *
   * @param chosen gets the rows about which a policy decides
   */
  Orphans(SourceDatabase source, List<TableMapping> tables, Policies policies, Findings chosen) {
    this.source = source;
    this.tables = tables;
    this.policies = policies;
    this.chosen = chosen;
  }

  /** Looks until nothing more follows: a row that stays behind may be a parent. */
  void find(List<TargetForeignKey> keys, Findings findings) throws Exception {
    boolean again = true;
    while (again) {
      again = false;
      for (TargetForeignKey key : keys) {
        Optional<TableMapping> child = mapped(key.table());
        Optional<TableMapping> parent =
            mapped(key.parent()).filter(p -> p.target.sql().equals(key.parentSql()));
        if (child.isPresent() && parent.isPresent()) {
          again |= look(key, child.get(), parent.get());
        }
      }
    }
    refused.forEach((key, missing) -> add(findings, key, missing));
  }

  /** Keys of which SQLite itself has shown that every row has its parent. */
  Set<TargetForeignKey> proven() {
    return proven;
  }

  private Optional<TableMapping> mapped(String target) {
    return tables.stream().filter(table -> table.target.name().equals(target)).findFirst();
  }

  /** Says whether rows stay behind that may be parents of others. */
  private boolean look(TargetForeignKey key, TableMapping child, TableMapping parent)
      throws Exception {
    Optional<KeyRows> rows = KeyRows.of(source, key, child, parent);
    if (rows.isEmpty()) {
      return false;
    }
    String table = child.source.name();
    String column = rows.get().child().getFirst().source.name();
    String choice = policies.orphans(table, column).orElse("");
    boolean aside = policies.choices(table, column).quarantines(PolicyKind.ORPHANS);
    List<ColumnMapping> nullable =
        rows.get().child().stream().filter(one -> !one.target.notNull()).toList();
    boolean delete = choice.equals("delete");
    boolean lose = choice.equals("null") && !nullable.isEmpty();
    String columns = rows.get().child().stream().map(c -> c.source.name()).collect(joining(","));
    KeyRows.RowAction decided =
        row -> {
          if (delete) {
            child.dropped.add(row);
          } else if (lose) {
            for (ColumnMapping one : nullable) {
              one.nulled.add(row);
            }
          } else {
            child.quarantine(row, columns, "parent-row-missing");
          }
        };
    KeyRows.Missing missing =
        delete || lose || aside
            ? rows.get().missing(Decisions.MOST_ROWS, decided)
            : rows.get().missing(Findings.MAX_ROWS, null);
    refused.remove(key);
    proven.remove(key);
    if (missing.count() == 0) {
      if (missing.exact() && parent.columns.stream().allMatch(c -> c.nulled.isEmpty())) {
        proven.add(key);
      }
      return false;
    }
    if (!delete && !lose) {
      if (!aside) {
        refused.put(key, missing);
      }
      return aside;
    }
    chosen.addAll(
        table,
        String.join(",", key.columns()),
        "policy-" + PolicyKind.ORPHANS.word(),
        missing.count(),
        missing.rows(),
        choice);
    return true;
  }

  private void add(Findings findings, TargetForeignKey key, KeyRows.Missing missing) {
    String cluster =
        missing.largest() >= CLUSTER && 2 * missing.largest() >= missing.count()
            ? "; %d of the rows refer to one and the same missing row, which may stand for none"
                .formatted(missing.largest())
            : "";
    findings.addAll(
        mapped(key.table()).orElseThrow().source.name(),
        String.join(",", key.columns()),
        "parent-row-missing",
        missing.count(),
        missing.rows(),
        "foreign key " + key.name() + " to " + key.parent() + cluster);
  }
}
