package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sqlite.DefaultValue;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import java.sql.SQLException;
import java.util.Optional;

/** The default of a column of a derived schema. */
final class DerivedDefault {
  private DerivedDefault() {}

  /** As SQL, preceded by a space where there is one; nothing where it cannot be said. */
  static Optional<String> of(SourceColumn column, DerivedType type) throws Exception {
    if (column.defaultText().isBlank()) {
      return Optional.of("");
    }
    if (!DefaultValue.constant(column)) {
      return now(column, type);
    }
    try {
      Cell value = DefaultValue.of(column);
      return value.storage() == Storage.NULL
          ? Optional.of("")
          : type.literal(value).map(sql -> " DEFAULT " + sql);
    } catch (SQLException e) {
      // It needs something of the application.
      return Optional.empty();
    }
  }

  private static Optional<String> now(SourceColumn column, DerivedType type) {
    if (!Names.same(column.defaultText().trim(), "CURRENT_TIMESTAMP")) {
      return Optional.empty();
    }
    return switch (type.name()) {
      case "timestamp" -> Optional.of(" DEFAULT (now() AT TIME ZONE 'UTC')");
      case "timestamptz" -> Optional.of(" DEFAULT CURRENT_TIMESTAMP");
      default -> Optional.empty();
    };
  }
}
