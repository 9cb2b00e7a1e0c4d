package dev.wharfinger.runner.transfer.postgresql;

import dev.wharfinger.runner.transfer.sql.Quoting;
import java.util.List;

/**
 * An ordinary table.
 *
 * @param schema its schema
 * @param name its name
 * @param columns in the order of the catalogue
 */
public record TargetTable(String schema, String name, List<TargetColumn> columns) {
  /** The name as SQL. */
  public String sql() {
    return Quoting.name(schema) + "." + Quoting.name(name);
  }
}
