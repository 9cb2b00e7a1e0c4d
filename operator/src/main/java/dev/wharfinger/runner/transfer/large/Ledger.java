package dev.wharfinger.runner.transfer.large;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The record, beside the marker, of a transfer that has begun to fill the target and is neither
 * committed nor taken back. It comes with the first change of the target in one transaction, and
 * goes in one transaction with the marker or with the last trace of the transfer.
 *
 * <p>Who copies a chunk locks {@code wharfinger.chunk} a little; who ends the transfer, or goes on
 * with it, locks it fully, and so waits for the chunks of others and keeps new ones away.
 */
public final class Ledger {
  /** To be raised when chunks that another version has copied must not be mixed with ours. */
  private static final int VERSION = 1;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * What has to be known to go on, or to go back.
   *
   * @param plan a hash of where each value goes and how
   * @param derived whether the tables were made by the transfer
   * @param tables those that it made, as SQL
   * @param restore what puts back what the target had and the load removed, or makes what the
   *     derived schema has after the load; foreign keys with all names qualified
   * @param foreignKeys keys of the target, which are not there meanwhile
   * @param replaced rows that gave way, by table
   */
  public record Saved(
      String plan,
      boolean derived,
      List<String> tables,
      List<String> restore,
      List<TargetForeignKey> foreignKeys,
      Map<String, Long> replaced) {}

  private final UUID operation;
  private final String fingerprint;
  private final Saved saved;

  /** One that is not stored yet. */
  public Ledger(UUID operation, String fingerprint, Saved saved) {
    this.operation = operation;
    this.fingerprint = fingerprint;
    this.saved = saved;
  }

  /** What chunks must have in common to be of one transfer. */
  public static String fingerprint(String source, String decisions) {
    return VERSION + " " + source + " " + decisions;
  }

  /** Makes the tables, in their own transaction; autocommit is on. */
  public static void prepare(Connection connection) throws SQLException {
    Sql.run(
        connection,
        """
        CREATE TABLE IF NOT EXISTS wharfinger.ledger (
          operation uuid PRIMARY KEY,
          run uuid NOT NULL,
          target_schema text NOT NULL,
          fingerprint text NOT NULL,
          saved text NOT NULL,
          at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE IF NOT EXISTS wharfinger.chunk (
          operation uuid NOT NULL,
          place int NOT NULL,
          target text NOT NULL,
          chunk int NOT NULL,
          above bigint,
          up_to bigint,
          rows bigint,
          bytes bigint,
          hash text,
          PRIMARY KEY (operation, target, chunk))\
        """);
  }

  private static boolean exists(Connection connection) throws SQLException {
    return Sql.number(
            connection,
            "SELECT (to_regclass('wharfinger.ledger') IS NOT NULL"
                + " AND to_regclass('wharfinger.chunk') IS NOT NULL)::int")
        == 1;
  }

  /** The ledger of an operation, if it is unfinished. */
  public static Optional<Ledger> find(Connection connection, UUID operation) throws SQLException {
    if (!exists(connection)) {
      return Optional.empty();
    }
    String where = " FROM wharfinger.ledger WHERE operation = '" + operation + "'";
    String saved = Sql.text(connection, "SELECT saved" + where);
    if (saved.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Ledger(
              operation,
              Sql.text(connection, "SELECT fingerprint" + where),
              MAPPER.readValue(saved, Saved.class)));
    } catch (JsonProcessingException e) {
      throw new SQLException("the ledger of operation " + operation + " cannot be read", e);
    }
  }

  /** An unfinished operation in this schema, other than {@code but}. */
  public static Optional<UUID> unfinished(Connection connection, Optional<UUID> but)
      throws SQLException {
    if (!exists(connection)) {
      return Optional.empty();
    }
    String other =
        Sql.text(
            connection,
            "SELECT operation FROM wharfinger.ledger WHERE target_schema = current_schema()"
                + but.map(own -> " AND operation <> '" + own + "'").orElse("")
                + " LIMIT 1");
    return other.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(other));
  }

  /** Waits, in a transaction, until no worker copies, and lets none begin before its end. */
  public static void lock(Connection connection) throws SQLException {
    if (exists(connection)) {
      Sql.run(connection, "LOCK TABLE wharfinger.chunk IN EXCLUSIVE MODE");
    }
  }

  /** Stores it with the chunks that there are. */
  public void insert(Connection connection, UUID run, List<Chunk> chunks) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO wharfinger.ledger (operation, run, target_schema, fingerprint, saved)"
                + " VALUES (?, ?, current_schema(), ?, ?)")) {
      statement.setObject(1, operation);
      statement.setObject(2, run);
      statement.setString(3, fingerprint);
      statement.setString(4, MAPPER.writeValueAsString(saved));
      statement.executeUpdate();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    Chunk.insert(connection, operation, chunks);
  }

  /**
   * Makes {@code run} the only one that copies; the ledger is locked.
   *
   * @throws SQLException where the transfer was taken back
   */
  public void take(Connection connection, UUID run) throws SQLException {
    Sql.run(
        connection,
        "UPDATE wharfinger.ledger SET run = '%s' WHERE operation = '%s'".formatted(run, operation));
    require(connection, run);
  }

  /** Makes sure that {@code run} is still the one that copies; the ledger is locked. */
  public void require(Connection connection, UUID run) throws SQLException {
    String own = "SELECT run FROM wharfinger.ledger WHERE operation = '" + operation + "'";
    if (!Sql.text(connection, own).equals(run.toString())) {
      throw new SQLException("this operation was aborted, or taken over, while it was running");
    }
  }

  /** Removes it: it is about a target that is complete, or as it was. */
  public void delete(Connection connection) throws SQLException {
    Set<String> targets = new LinkedHashSet<>();
    chunks(connection).forEach(chunk -> targets.add(chunk.target()));
    ReplacedRows.drop(connection, operation, targets);
    for (String table : List.of("chunk", "ledger")) {
      Sql.run(
          connection,
          "DELETE FROM wharfinger.%s WHERE operation = '%s'".formatted(table, operation));
    }
  }

  /** All chunks, in the order in which they were to be copied. */
  public List<Chunk> chunks(Connection connection) throws SQLException {
    return Chunk.all(connection, operation);
  }

  public String fingerprint() {
    return fingerprint;
  }

  public Saved saved() {
    return saved;
  }
}
