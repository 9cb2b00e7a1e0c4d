package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Columns that PostgreSQL computes by itself. Nothing can be sent to them, so what came out there
 * is compared with what the source has.
 */
final class Computed {
  private final Connection connection;
  private final SourceDatabase source;

  Computed(Connection connection, SourceDatabase source) {
    this.connection = connection;
    this.source = source;
  }

  /**
   * Compares them after the load.
   *
   * @param findings gets columns whose values the source stores: they would be lost
   * @param warnings gets columns that the source computes too, by another rule
   */
  void compare(List<TableMapping> tables, Findings findings, Findings warnings) throws Exception {
    for (TableMapping table : tables) {
      for (ColumnMapping column : table.computed) {
        if (!arrived(table.narrowed(List.of(informed(table, column))))) {
          String name = column.source.name();
          String type = column.target.formatted();
          if (column.source.generated()) {
            warnings.add(table.source.name(), name, "computed-column-differs", type);
          } else {
            findings.add(table.source.name(), name, "computed-column-differs", type);
          }
        }
      }
    }
  }

  private ColumnMapping informed(TableMapping table, ColumnMapping column) throws SQLException {
    ColumnFacts facts =
        Encoders.needsFacts(column.target.type())
            ? source.facts(table.source.name(), column.source.name())
            : ColumnFacts.NONE;
    return ColumnMapping.of(column.source, column.target, facts, column.choices, source.scratch());
  }

  private boolean arrived(TableMapping one) throws Exception {
    // Numbered, so that a value which the type cannot hold is a row less and no error.
    TupleHash here =
        new RowPump(source, row -> {})
            .numbered(Set.of(), row -> {})
            .copy(one, (data, length) -> {});
    return here.rows() == one.moved()
        && new CopyChannel(connection).readBack(one, one.target.sql(), row -> {}).matches(here);
  }
}
