package dev.wharfinger.runner.transfer.postgresql;

import dev.wharfinger.runner.transfer.sql.Quoting;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A foreign key.
 *
 * @param name its name
 * @param table referring table
 * @param columns referring columns
 * @param parentSchema schema of that table
 * @param parent table referred to
 * @param parentColumns columns referred to
 */
public record TargetForeignKey(
    String name,
    String table,
    List<String> columns,
    String parentSchema,
    String parent,
    List<String> parentColumns) {
  /** The table referred to, as SQL. */
  public String parentSql() {
    return Quoting.name(parentSchema) + "." + Quoting.name(parent);
  }

  /**
   * A condition on rows {@code c} that have no parent.
   *
   * @param parents the table referred to as SQL, or one that stands for it
   */
  public String orphans(String parents) {
    List<String> equal = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      equal.add("p." + Quoting.name(parentColumns.get(i)) + " = c." + Quoting.name(columns.get(i)));
    }
    return "ROW(%s) IS NOT NULL AND NOT EXISTS (SELECT FROM %s p WHERE %s)"
        .formatted(
            columns.stream().map(c -> "c." + Quoting.name(c)).collect(Collectors.joining(", ")),
            parents,
            String.join(" AND ", equal));
  }
}
