package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds rows of the source whose parent is missing, by the TARGET's foreign keys: SQLite seldom
 * enforces its own. Asked only where equal in SQLite is equal in PostgreSQL; PostgreSQL itself
 * checks all keys when they are put back.
 */
final class Orphans {
  private Orphans() {}

  static void find(
      SourceDatabase source,
      TargetForeignKey key,
      TableMapping child,
      TableMapping parent,
      Findings findings)
      throws SQLException {
    List<String> from = new ArrayList<>();
    List<String> to = new ArrayList<>();
    List<String> present = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      var one = child.byTarget(key.columns().get(i));
      var other = parent.byTarget(key.parentColumns().get(i));
      if (one.isEmpty() || other.isEmpty() || !comparable(one.get(), other.get())) {
        return;
      }
      boolean number = one.get().target.type().startsWith("int");
      from.add(side(one.get(), number, ""));
      to.add(side(other.get(), number, ""));
      present.add(side(one.get(), false, "") + " IS NOT NULL");
      if (number) {
        present.add(side(one.get(), false, "") + " <> ''");
      }
    }
    String where =
        " FROM %s WHERE %s AND (%s) NOT IN (SELECT %s FROM %s WHERE %s)"
            .formatted(
                Quoting.name(child.source.name()),
                String.join(" AND ", present),
                String.join(", ", from),
                String.join(", ", to),
                Quoting.name(parent.source.name()),
                String.join(" AND ", to.stream().map(c -> c + " IS NOT NULL").toList()));
    long count = source.number("SELECT count(*)" + where);
    if (count == 0) {
      return;
    }
    String column = String.join(",", key.columns());
    List<Long> rows = new ArrayList<>();
    if (!child.source.rowidAlias().isEmpty()) {
      try (Statement statement = source.connection().createStatement();
          ResultSet found =
              statement.executeQuery("SELECT " + child.source.rowidAlias() + where + " LIMIT 20")) {
        while (found.next()) {
          rows.add(found.getLong(1));
        }
      }
    }
    findings.addAll(
        child.source.name(),
        column,
        "parent-row-missing",
        count,
        rows,
        "foreign key " + key.name() + " to " + key.parent());
  }

  private static boolean comparable(ColumnMapping a, ColumnMapping b) {
    return (integer(a) && integer(b)) || (text(a) && text(b));
  }

  private static boolean integer(ColumnMapping column) {
    return column.target.type().matches("int[248]");
  }

  private static boolean text(ColumnMapping column) {
    return column.target.type().equals("text") || column.target.type().equals("varchar");
  }

  private static String side(ColumnMapping column, boolean number, String prefix) {
    String name = prefix + Quoting.name(column.source.name());
    boolean plain = Names.same(column.source.declaredType(), "INTEGER");
    return !number || plain ? name : "CAST(" + name + " AS INTEGER)";
  }
}
