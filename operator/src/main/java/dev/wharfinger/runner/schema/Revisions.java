package dev.wharfinger.runner.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Of which revision a schema is, as the migration tools that worked on it have written down.
 *
 * @param tool the tool's name, for example {@code Alembic}
 * @param current what its table names last
 * @param history all that it names, the oldest first
 */
public record Revisions(String tool, String current, List<String> history) {

  /** Reads all tools' tables; nothing is written, and whoever migrates is not waited for. */
  static List<Revisions> of(Connection connection, boolean server) throws SQLException {
    List<Revisions> found = new ArrayList<>();
    for (RevisionTable table : RevisionTable.values()) {
      Optional<List<String>> revisions = table.read(connection, server);
      if (revisions.isPresent() && !revisions.get().isEmpty()) {
        found.add(new Revisions(table.tool(), table.current(revisions.get()), revisions.get()));
      }
    }
    return found;
  }
}
