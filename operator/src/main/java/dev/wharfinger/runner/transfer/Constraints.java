package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetRules;
import java.sql.Connection;
import java.sql.SQLException;

/** What the unique indexes, the checks and the index rows of a target table say to a copy of it. */
final class Constraints {
  /** What a B-tree takes in one row, where it cannot be compressed. */
  private static final int INDEX_ROW = 2704;

  private final Connection connection;
  private final Copy copy;
  private final Findings findings;

  Constraints(Connection connection, Copy copy, Findings findings) {
    this.connection = connection;
    this.copy = copy;
    this.findings = findings;
  }

  void check(Doubts doubts, TableMapping table) throws SQLException {
    for (TargetRules.Index index : doubts.indexes(table)) {
      if (!made(index)) {
        if (index.unique()) {
          unique(index);
        }
        size(index);
      }
    }
    for (TargetRules.Check check : doubts.checks(table)) {
      copy.find(
          "SELECT %s FROM %s WHERE NOT (%s)".formatted(Copy.ROW, copy.sql(), check.condition()),
          findings,
          "check-violated",
          String.join(",", check.columns()),
          check.name());
    }
  }

  /** Whether the index can be made of the copy; then nothing is wrong with any row. */
  private boolean made(TargetRules.Index index) throws SQLException {
    try {
      make(
          index,
          index.unique() ? "UNIQUE " : "",
          index.nullsDistinct() ? "" : "NULLS NOT DISTINCT ");
      return true;
    } catch (SQLException e) {
      Copy.unanswerable(e);
      return false;
    }
  }

  /** Makes an index and throws it away. */
  private void make(TargetRules.Index index, String unique, String nulls) throws SQLException {
    Sql.run(connection, "SAVEPOINT make");
    try {
      Sql.run(
          connection,
          "CREATE %sINDEX ON %s (%s) %sWHERE %s"
              .formatted(unique, copy.sql(), index.parts(), nulls, index.where()));
    } finally {
      Sql.run(connection, "ROLLBACK TO SAVEPOINT make; RELEASE SAVEPOINT make");
    }
  }

  private void unique(TargetRules.Index index) throws SQLException {
    String nulls = index.nullsDistinct() ? " AND ROW(%s) IS NOT NULL".formatted(index.parts()) : "";
    copy.find(
        "SELECT %1$s FROM (SELECT %1$s, count(*) OVER (PARTITION BY %2$s) AS n FROM %3$s WHERE %4$s%5$s) d"
                .formatted(Copy.ROW, index.parts(), copy.sql(), index.where(), nulls)
            + " WHERE n > 1",
        findings,
        "duplicate-key",
        index.parts(),
        index.name());
  }

  /** Only an index itself knows how well its rows can be compressed. */
  private void size(TargetRules.Index index) throws SQLException {
    try {
      make(index, "", "");
    } catch (SQLException e) {
      if ("54000".equals(e.getSQLState())) {
        copy.find(
            "SELECT %s FROM %s WHERE (%s) AND %s > %d"
                .formatted(Copy.ROW, copy.sql(), index.where(), index.bytes(), INDEX_ROW),
            findings,
            "index-row-too-large",
            index.parts(),
            index.name());
      } else {
        Copy.unanswerable(e);
      }
    }
  }
}
