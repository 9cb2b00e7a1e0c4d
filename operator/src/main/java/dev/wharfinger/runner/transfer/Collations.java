package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.OnlyTheApplication;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Columns that are compared by a rule of the application's own. Without that rule SQLite compares
 * nothing there, nor does it read a table that is ordered by it.
 */
final class Collations {
  private final SourceDatabase source;

  Collations(SourceDatabase source) {
    this.source = source;
  }

  /**
   * Names all such columns.
   *
   * @throws RefusedException where there are some
   */
  void require(SourceCatalog catalog, Findings findings) throws SQLException, RefusedException {
    boolean all = true;
    for (SourceTable table : catalog.tables()) {
      for (SourceColumn column : table.columns()) {
        all &= known(table, column, findings);
      }
    }
    if (!all) {
      throw new RefusedException(
          "columns are compared by a collation that only the application has");
    }
  }

  private boolean known(SourceTable table, SourceColumn column, Findings findings)
      throws SQLException {
    // To be prepared is enough for the error, and reads no row.
    String sql =
        "SELECT min(%s) FROM %s NOT INDEXED"
            .formatted(Quoting.name(column.name()), Quoting.name(table.name()));
    try {
      source.connection().prepareStatement(sql).close();
      return true;
    } catch (SQLException e) {
      Optional<String> name = OnlyTheApplication.collation(e);
      if (name.isPresent()) {
        findings.add(table.name(), column.name(), "source-needs-collation", name.get());
        return false;
      }
      // Others, such as a function that is missing, have findings of their own.
      return true;
    }
  }
}
