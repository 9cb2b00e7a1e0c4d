package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.backup.RestoreRecord;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What a database says of a restore that is told again until it is done, as its comment: no dump
 * has that, and it goes wherever the data go.
 */
enum RestoreMark {
  /** The database was empty, and whatever is in it now is what one transaction restored. */
  BEGUN("Wharfinger restores here, not to be used yet: "),
  /** All of it is there, and was counted. */
  DONE("Wharfinger has restored: ");

  private final String words;

  RestoreMark(String words) {
    this.words = words;
  }

  /** What the database says in these words, or null where it says nothing of the kind. */
  @Nullable RestoreRecord read(Connection connection) throws SQLException {
    String said =
        Sql.text(
            connection,
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database"
                + " WHERE datname = current_database()");
    return said.startsWith(words) ? RestoreRecord.parse(said.substring(words.length())) : null;
  }

  /** Has the database say it. */
  void write(Connection connection, RestoreRecord record) throws SQLException {
    Sql.run(
        connection,
        "COMMENT ON DATABASE "
            + Quoting.name(Sql.text(connection, "SELECT current_database()"))
            + " IS "
            + Sql.literal(words + record.line()));
  }
}
