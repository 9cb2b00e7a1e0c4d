package dev.wharfinger.runner.transfer.postgresql;

import java.sql.Connection;
import java.sql.SQLException;

/** The lock in the target that a transfer has from its first write to the end of its COMMIT. */
public final class TransferLock {
  private TransferLock() {}

  /**
   * Takes it until the session ends.
   *
   * @throws SQLException where another transfer has it
   */
  public static void hold(Connection connection) throws SQLException {
    take(connection, "pg_try_advisory_lock");
  }

  /**
   * Takes it until the transaction ends; without a transaction it is only tried, which tells that
   * no transfer is at work and that the COMMIT of none is on its way.
   *
   * @throws SQLException where another transfer has it
   */
  public static void take(Connection connection) throws SQLException {
    take(connection, "pg_try_advisory_xact_lock");
  }

  private static void take(Connection connection, String function) throws SQLException {
    if (Sql.number(
            connection,
            "SELECT " + function + "(hashtext('wharfinger'), hashtext('transfer'))::int")
        == 0) {
      throw new SQLException("another transfer is writing into this database");
    }
  }
}
