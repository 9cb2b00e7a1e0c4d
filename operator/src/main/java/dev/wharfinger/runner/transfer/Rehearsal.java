package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Asks the server itself which rows its keys, checks and domains would not take: the rows go into
 * temporary tables, with their row ids, in a transaction that is rolled back. The target's own
 * tables are read and neither locked nor written. What can be proven without is not asked; see
 * {@link Doubts}.
 */
final class Rehearsal {
  private final Connection connection;
  private final SourceDatabase source;
  private final List<TableMapping> tables;
  private final @Nullable DerivedSchema derived;
  private final Findings findings;
  private final List<Copy> copies = new ArrayList<>();

  Rehearsal(
      Connection connection,
      SourceDatabase source,
      List<TableMapping> tables,
      @Nullable DerivedSchema derived,
      Findings findings) {
    this.connection = connection;
    this.source = source;
    this.tables = tables;
    this.derived = derived;
    this.findings = findings;
  }

  /**
   * Looks at what is in doubt; what is wrong becomes findings.
   *
   * @param keys foreign keys that are not known to hold
   * @param unchecked tables of the source that SQLite could not check
   * @param everything whether nothing is taken for proven
   */
  void run(List<TargetForeignKey> keys, Set<String> unchecked, boolean everything, Meter meter)
      throws Exception {
    meter.phase("rehearsing");
    Loader.settings(connection);
    try {
      if (derived != null) {
        for (DerivedSchema.Statement statement : derived.before) {
          Sql.run(connection, statement.sql());
        }
        for (DerivedSchema.Statement statement : derived.after) {
          Sql.run(connection, statement.sql());
        }
      }
      Doubts doubts = new Doubts(connection, tables, keys, unchecked, everything);
      for (TableMapping table : tables) {
        List<ColumnMapping> columns = doubts.columns(table);
        if (!columns.isEmpty() && table.rows > 0) {
          Copy copy = new Copy(connection, source, table.narrowed(columns), copies.size());
          copies.add(copy);
          copy.fill(findings, meter::add);
          new Constraints(connection, copy, findings).check(doubts, table);
          free(List.of(copy), doubts.keys());
        }
      }
      for (int i = 0; i < doubts.keys().size(); i++) {
        TargetForeignKey key = doubts.keys().get(i);
        List<Copy> used = copies.stream().filter(copy -> concerns(key, copy)).toList();
        foreignKey(key);
        free(used, doubts.keys().subList(i + 1, doubts.keys().size()));
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** One that was found before is not counted again. */
  private void foreignKey(TargetForeignKey key) throws SQLException {
    String column = String.join(",", key.columns());
    Optional<Copy> child = copy(table -> table.target.name().equals(key.table()));
    Optional<Copy> parent = copy(table -> table.target.sql().equals(key.parentSql()));
    boolean known =
        findings.all().keySet().stream()
            .anyMatch(f ->
                f.rule().equals("parent-row-missing")
                    && f.column().equals(column)
                    && child
                        .filter(copy -> f.table().equals(copy.table.source.name()))
                        .isPresent());
    boolean complete = parent.map(copy -> copy.complete).orElse(true);
    if (known || !complete || child.isEmpty()) {
      return;
    }
    // A table that only the target has keeps its rows; one that is moved and has no copy is empty.
    boolean moved = tables.stream().anyMatch(table -> table.target.sql().equals(key.parentSql()));
    String there =
        parent
            .map(Copy::sql)
            .orElse(moved ? "(SELECT * FROM " + key.parentSql() + " LIMIT 0)" : key.parentSql());
    child
        .get()
        .find(
            "SELECT c.%s FROM %s c WHERE %s"
                .formatted(Copy.ROW, child.get().sql(), key.orphans(there)),
            findings,
            "parent-row-missing",
            column,
            "foreign key " + key.name() + " to " + key.parent());
  }

  /** Gives back the room of copies that no further key asks for. */
  private static void free(List<Copy> done, List<TargetForeignKey> ahead) throws SQLException {
    for (Copy copy : done) {
      if (ahead.stream().noneMatch(key -> concerns(key, copy))) {
        copy.free();
      }
    }
  }

  private static boolean concerns(TargetForeignKey key, Copy copy) {
    return copy.table.target.name().equals(key.table())
        || copy.table.target.sql().equals(key.parentSql());
  }

  private Optional<Copy> copy(Predicate<TableMapping> which) {
    return copies.stream().filter(copy -> which.test(copy.table)).findFirst();
  }

  /** Whether an error is one that this can say more about. */
  static boolean explains(Throwable error) {
    String state = error instanceof PSQLException postgres ? postgres.getSQLState() : "";
    // Class 22 is a value that a type or the database's encoding does not take.
    return state != null
        && (state.startsWith("22") || state.startsWith("23") || state.equals("54000"));
  }
}
