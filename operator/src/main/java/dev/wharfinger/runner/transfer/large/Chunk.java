package dev.wharfinger.runner.transfer.large;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A part of a table that is copied in one transaction.
 *
 * @param target the table as SQL
 * @param number its place among those of the table, from 0 on
 * @param above rows with larger ids; null without bound
 * @param upTo rows up to this id; null without bound
 * @param done what was copied; null before
 */
public record Chunk(
    String target, int number, @Nullable Long above, @Nullable Long upTo, @Nullable Done done) {
  /**
   * What a finished chunk is known by.
   *
   * @param bytes of its rows as they were sent
   * @param hash over its rows as they must be found
   */
  public record Done(long rows, long bytes, String hash) {}

  /** A chunk that waits. */
  public Chunk(String target, int number, @Nullable Long above, @Nullable Long upTo) {
    this(target, number, above, upTo, null);
  }

  /** Whether the table's old rows go with it. */
  public boolean first() {
    return number == 0;
  }

  /**
   * Its rows, as a condition with WHERE.
   *
   * @param rowid what tells rows apart, as SQL
   */
  public String where(String rowid) {
    List<String> bounds = new ArrayList<>();
    if (above != null) {
      bounds.add(rowid + " > " + above);
    }
    if (upTo != null) {
      bounds.add(rowid + " <= " + upTo);
    }
    return bounds.isEmpty() ? "" : " WHERE " + String.join(" AND ", bounds);
  }

  static List<Chunk> all(Connection connection, UUID operation) throws SQLException {
    List<Chunk> chunks = new ArrayList<>();
    Sql.each(
        connection,
        "SELECT target, chunk, above, up_to, rows, bytes, hash FROM wharfinger.chunk"
            + " WHERE operation = '"
            + operation
            + "' ORDER BY place",
        row -> {
          String hash = row.getString(7);
          chunks.add(
              new Chunk(
                  row.getString(1),
                  row.getInt(2),
                  row.getObject(3, Long.class),
                  row.getObject(4, Long.class),
                  hash == null ? null : new Done(row.getLong(5), row.getLong(6), hash)));
        });
    return chunks;
  }

  static void insert(Connection connection, UUID operation, List<Chunk> chunks)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO wharfinger.chunk (operation, place, target, chunk, above, up_to)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
      int place = 0;
      for (Chunk chunk : chunks) {
        statement.setObject(1, operation);
        statement.setInt(2, place++);
        statement.setString(3, chunk.target);
        statement.setInt(4, chunk.number);
        statement.setObject(5, chunk.above, Types.BIGINT);
        statement.setObject(6, chunk.upTo, Types.BIGINT);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * Takes this chunk for the transaction of a worker, so that no other worker can copy it too.
   *
   * @param run the run that the worker belongs to
   * @param holder process id of the session that holds the run's lock
   * @throws SQLException where the run is no longer the one at work
   */
  public void claim(Connection connection, UUID operation, UUID run, long holder)
      throws SQLException {
    // First, and on its own: what the next statement sees is younger than the lock.
    Sql.run(connection, "LOCK TABLE wharfinger.chunk IN ROW EXCLUSIVE MODE");
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT FROM wharfinger.chunk c JOIN wharfinger.ledger l USING (operation)
            WHERE operation = ? AND l.run = ? AND c.target = ? AND c.chunk = ? AND c.hash IS NULL
              AND EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = ?)
            FOR UPDATE OF c\
            """)) {
      statement.setObject(1, operation);
      statement.setObject(2, run);
      statement.setString(3, target);
      statement.setInt(4, number);
      statement.setLong(5, holder);
      try (var rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException(
              "this transfer was aborted, or another run of it is at work, or the session that"
                  + " holds its lock has ended");
        }
      }
    }
  }

  /** Notes, in the transaction that copies it, that it is copied. */
  public void finish(Connection connection, UUID operation, Done what) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE wharfinger.chunk SET rows = ?, bytes = ?, hash = ?"
                + " WHERE operation = ? AND target = ? AND chunk = ?")) {
      statement.setLong(1, what.rows());
      statement.setLong(2, what.bytes());
      statement.setString(3, what.hash());
      statement.setObject(4, operation);
      statement.setString(5, target);
      statement.setInt(6, number);
      statement.executeUpdate();
    }
  }
}
