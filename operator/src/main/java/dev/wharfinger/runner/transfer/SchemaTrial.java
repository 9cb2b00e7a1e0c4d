package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes a derived schema for a moment, in a transaction that is rolled back. */
final class SchemaTrial {
  private final Connection connection;
  private final Findings findings;
  private final Set<String> missing = new HashSet<>();

  SchemaTrial(Connection connection, Findings findings) {
    this.connection = connection;
    this.findings = findings;
  }

  /**
   * Runs every statement, and adds a finding for each that the server rejects: what fails here
   * would fail in the load too, when the application stands still.
   *
   * @return the schema as PostgreSQL understood it
   */
  TargetCatalog run(DerivedSchema derived) throws SQLException {
    connection.setAutoCommit(false);
    try {
      runAll(derived.before);
      runAll(derived.after);
      return TargetCatalog.read(connection);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void runAll(List<DerivedSchema.Statement> statements) throws SQLException {
    for (DerivedSchema.Statement statement : statements) {
      if (!statement.object().isEmpty() && missing.contains(statement.table())) {
        continue;
      }
      // Each one on its own, so that all that is wrong comes in one report.
      Sql.run(connection, "SAVEPOINT trial");
      try {
        Sql.run(connection, statement.sql());
        Sql.run(connection, "RELEASE SAVEPOINT trial");
      } catch (SQLException e) {
        if (!ServerErrors.lasting(e)) {
          throw e;
        }
        Sql.run(connection, "ROLLBACK TO SAVEPOINT trial");
        findings.add(
            statement.table(),
            statement.object(),
            "schema-rejected-by-server",
            ServerErrors.describe(e));
        if (statement.object().isEmpty()) {
          missing.add(statement.table());
        }
      }
    }
  }
}
