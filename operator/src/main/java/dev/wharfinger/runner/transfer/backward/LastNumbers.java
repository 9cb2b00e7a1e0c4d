package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetSequence;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Numbers that were given out, also to rows that are gone, are not given out again. */
final class LastNumbers {
  private LastNumbers() {}

  /** Sets what AUTOINCREMENT goes on from; returns it by table. */
  static Map<String, Long> set(
      SourceSnapshot source, LikeFile like, NewDatabase made, BackMapping mapping)
      throws SQLException {
    Map<String, Long> set = new LinkedHashMap<>();
    for (SourceTable table : mapping.kept) {
      if (table.sequence() > 0) {
        made.sequence(table.name(), table.sequence());
      }
    }
    for (BackTable table : mapping.tables) {
      if (!like.autoincrement(table.sqlite)) {
        continue;
      }
      long last = table.sqlite.sequence();
      for (TargetSequence sequence : source.catalog().sequences()) {
        boolean key =
            table.columns.stream()
                .anyMatch(column ->
                    column.sqlite.primaryKey() > 0
                        && column.postgres.name().equals(sequence.column()));
        if (key && sequence.increment() > 0 && sequence.table().equals(table.postgres.name())) {
          last =
              Math.max(
                  last,
                  Sql.number(
                      source.connection(),
                      "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM "
                          + sequence.sequence()));
        }
      }
      if (last > 0) {
        made.sequence(table.sqlite.name(), last);
      }
      set.put(table.sqlite.name(), last + 1);
    }
    return set;
  }
}
