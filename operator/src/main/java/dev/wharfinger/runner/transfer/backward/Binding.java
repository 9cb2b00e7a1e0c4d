package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Cell;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/** Gives values to SQLite in the storage class that they have. */
final class Binding {
  private Binding() {}

  static void bind(PreparedStatement statement, int place, Cell cell) throws SQLException {
    switch (cell.storage()) {
      case NULL -> statement.setNull(place, Types.NULL);
      case INTEGER -> statement.setLong(place, cell.integer());
      case REAL -> statement.setDouble(place, cell.real());
      case TEXT -> statement.setString(place, cell.text());
      case BLOB -> statement.setBytes(place, cell.bytes());
    }
  }
}
