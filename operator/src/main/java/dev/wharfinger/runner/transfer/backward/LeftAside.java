package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Rows that the move into this database kept aside: they are in no table, so they stay behind. */
final class LeftAside {
  private LeftAside() {}

  /** A warning for each table that has some. */
  static void find(Connection connection, Findings warnings) throws SQLException {
    boolean any =
        Sql.number(connection, "SELECT (to_regclass('wharfinger.quarantine') IS NOT NULL)::int")
            == 1;
    if (!any) {
      return;
    }
    Sql.each(
        connection,
        "SELECT table_name, count(*) FROM wharfinger.quarantine WHERE operation ="
            + " (SELECT operation FROM wharfinger.marker WHERE outcome = 'committed'"
            + " ORDER BY at DESC LIMIT 1) GROUP BY 1 ORDER BY 1",
        row ->
            warnings.addAll(
                row.getString(1),
                "",
                "rows-in-quarantine",
                row.getLong(2),
                List.of(),
                "they are not in the SQLite file"));
  }
}
