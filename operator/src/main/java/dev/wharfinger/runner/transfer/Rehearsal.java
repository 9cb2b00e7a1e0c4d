package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Asks the server itself which rows its keys, checks and domains would not take: the rows go into
 * temporary tables, with their row ids, in a transaction that is rolled back. The target's own
 * tables are read and neither locked nor written.
 */
final class Rehearsal {
  private final Connection connection;
  private final SourceDatabase source;
  private final List<TableMapping> tables;
  private final @Nullable DerivedSchema derived;
  private final Findings findings;
  private final Map<TableMapping, Copy> copies = new IdentityHashMap<>();

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

  /** Looks at everything; what is wrong becomes findings. */
  void run(List<TargetForeignKey> keys, Meter meter) throws Exception {
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
      for (TableMapping table : tables) {
        if (!table.columns.isEmpty() && table.rows > 0) {
          Copy copy = new Copy(connection, source, table, copies.size());
          copies.put(table, copy);
          copy.fill(findings, meter::add);
        }
      }
      for (Copy copy : copies.values()) {
        new Constraints(connection, copy, findings).check();
      }
      for (TargetForeignKey key : keys) {
        foreignKey(key);
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
    boolean complete =
        parent.map(copy -> copy.complete && copy.plain(key.parentColumns())).orElse(true);
    if (known || !complete || child.isEmpty() || !child.get().plain(key.columns())) {
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

  private Optional<Copy> copy(Predicate<TableMapping> which) {
    return copies.values().stream().filter(copy -> which.test(copy.table)).findFirst();
  }

  /** Whether an error is one that this can say more about. */
  static boolean explains(Throwable error) {
    String state = error instanceof PSQLException postgres ? postgres.getSQLState() : "";
    return state != null && (state.startsWith("23") || state.equals("54000"));
  }
}
