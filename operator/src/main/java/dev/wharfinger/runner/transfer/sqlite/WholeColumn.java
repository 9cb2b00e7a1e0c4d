package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What an encoder may want to know of a whole column. */
final class WholeColumn {
  private WholeColumn() {}

  /** Looks at every value of a column. */
  static ColumnFacts facts(Connection connection, String table, String column) throws SQLException {
    String sql =
        "SELECT count(*) FILTER (WHERE t='integer'), count(*) FILTER (WHERE t='real'),"
            + " count(*) FILTER (WHERE t='text' AND trim(v)<>''),"
            + " count(*) FILTER (WHERE t='text' AND lower(trim(v)) IN ('true','false')),"
            + " min(v) FILTER (WHERE t IN ('integer','real')),"
            + " max(v) FILTER (WHERE t IN ('integer','real'))"
            + " FROM (SELECT typeof(%1$s) AS t, %1$s AS v FROM %2$s)"
                .formatted(Quoting.name(column), Quoting.name(table));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return new ColumnFacts(
          row.getLong(1),
          row.getLong(2),
          row.getLong(3),
          row.getLong(4),
          row.getDouble(5),
          row.getDouble(6));
    }
  }
}
