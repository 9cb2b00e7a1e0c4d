package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the indexes of a table: PRAGMAs tell the columns, the SQL text the rest. */
final class SourceIndexes {
  private SourceIndexes() {}

  private record Head(String name, boolean unique, String origin, String sql) {}

  static List<SourceIndex> of(SourceDatabase source, String table) throws SQLException {
    List<Head> heads = new ArrayList<>();
    source.each(
        "SELECT l.name, l.\"unique\", l.origin, coalesce(s.sql, '') FROM"
            + " pragma_index_list("
            + Quoting.text(table)
            + ") l LEFT JOIN sqlite_schema s ON s.type='index' AND s.name=l.name",
        row ->
            heads.add(
                new Head(
                    row.getString(1), row.getInt(2) == 1, row.getString(3), row.getString(4))));
    List<SourceIndex> indexes = new ArrayList<>();
    for (Head head : heads) {
      SqlText text = SqlText.of(head.sql());
      int on = text.find("ON", 0);
      int open = on < 0 ? -1 : text.find("(", on);
      List<SqlText> items = open < 0 ? List.of() : text.within(open).items();
      int where = open < 0 ? -1 : text.find("WHERE", open);
      indexes.add(
          new SourceIndex(
              head.name(),
              head.unique(),
              head.origin(),
              parts(source, head.name(), items),
              where < 0 ? SqlText.NONE : text.part(where + 1, text.tokens().size())));
    }
    return indexes;
  }

  private static List<SourceIndex.Part> parts(
      SourceDatabase source, String index, List<SqlText> items) throws SQLException {
    List<SourceIndex.Part> parts = new ArrayList<>();
    source.each(
        "PRAGMA index_xinfo(" + Quoting.name(index) + ")",
        row -> {
          if (row.getInt("key") != 1) {
            return;
          }
          String name = row.getString("name");
          boolean expression = name == null && parts.size() < items.size();
          parts.add(
              new SourceIndex.Part(
                  name == null ? "" : name,
                  expression ? bare(items.get(parts.size())) : SqlText.NONE,
                  Names.upper(row.getString("coll")),
                  row.getInt("desc") == 1));
        });
    return parts;
  }

  /** An indexed expression without the collating sequence and the direction behind it. */
  private static SqlText bare(SqlText item) {
    int end = item.tokens().size();
    if (item.says(end - 1, "ASC") || item.says(end - 1, "DESC")) {
      end--;
    }
    if (end > 2 && item.says(end - 2, "COLLATE")) {
      end -= 2;
    }
    return item.part(0, end);
  }
}
