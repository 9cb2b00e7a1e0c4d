package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a database says of a restore that is told again until it is done, as its comment: no dump
 * has that, and it goes wherever the data go.
 */
enum RestoreMark {
  /** Nothing of this set. */
  NONE(""),
  /** The database was empty, and whatever is in it now is what one transaction restored. */
  BEGUN("Wharfinger restores backup set %s here for %s; not to be used yet"),
  /** All of it is there, and was counted. */
  DONE("Wharfinger restored backup set %s here for %s");

  private final String text;

  RestoreMark(String text) {
    this.text = text;
  }

  /** What the database says of this restore of a set. */
  static RestoreMark of(Connection connection, String task, String set) throws SQLException {
    String said =
        Sql.text(
            connection,
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database"
                + " WHERE datname = current_database()");
    for (RestoreMark mark : values()) {
      if (mark != NONE && said.equals(mark.text.formatted(set, task))) {
        return mark;
      }
    }
    return NONE;
  }

  /** Has the database say it. */
  void write(Connection connection, String task, String set) throws SQLException {
    Sql.run(
        connection,
        "COMMENT ON DATABASE "
            + Quoting.name(Sql.text(connection, "SELECT current_database()"))
            + " IS "
            + Sql.literal(text.formatted(set, task)));
  }
}
