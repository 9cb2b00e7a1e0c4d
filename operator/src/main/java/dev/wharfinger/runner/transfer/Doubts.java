package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.postgresql.TargetRules;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceIndex;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What about the rows only the server can tell. The rest is proven: a key of the source over the
 * same columns has been checked by SQLite, and values that differ there still differ on arrival.
 * What is not proven here is asked.
 */
final class Doubts {
  /** Far less than a B-tree takes in one row, and each part may be filled up to 8 bytes. */
  private static final int SMALL_INDEX_ROW = 2000;

  private static final int PER_PART = 16;

  private final List<TableMapping> tables;
  private final TargetRules rules;
  private final Set<String> unchecked;
  private final boolean everything;
  private final List<TargetForeignKey> keys;

  /**
   * The doubts about some tables.
   *
   * @param keys foreign keys that are not known to hold
   * @param unchecked tables of the source that SQLite could not check
   * @param everything whether nothing is taken for proven
   */
  Doubts(
      Connection connection,
      List<TableMapping> tables,
      List<TargetForeignKey> keys,
      Set<String> unchecked,
      boolean everything)
      throws SQLException {
    this.tables = tables;
    this.unchecked = unchecked;
    // In another encoding the server may have no such character, or one for two.
    this.everything = everything || !Sql.text(connection, "SHOW server_encoding").equals("UTF8");
    this.rules =
        TargetRules.read(connection, tables.isEmpty() ? "" : tables.getFirst().target.schema());
    this.keys = keys.stream().filter(this::askable).toList();
  }

  /** Foreign keys to ask about. */
  List<TargetForeignKey> keys() {
    return keys;
  }

  /** Indexes to ask about. */
  List<TargetRules.Index> indexes(TableMapping table) {
    return rules.indexes(table.target).stream()
        .filter(index -> everything || !fits(table, index) || !unique(table, index))
        .toList();
  }

  /** Checks to ask about: all. */
  List<TargetRules.Check> checks(TableMapping table) {
    return rules.checks(table.target);
  }

  /** Columns that the server must see to answer. */
  List<ColumnMapping> columns(TableMapping table) {
    if (everything
        || checks(table).stream().anyMatch(TargetRules.Check::wholeRow)
        || indexes(table).stream().anyMatch(TargetRules.Index::computed)) {
      return table.columns;
    }
    Set<String> names = new HashSet<>(rules.domains(table.target));
    checks(table).forEach(check -> names.addAll(check.columns()));
    indexes(table).forEach(index -> names.addAll(index.columns()));
    for (TargetForeignKey key : keys) {
      if (child(key).filter(child -> child == table).isPresent()) {
        names.addAll(key.columns());
      }
      if (parent(key).filter(parent -> parent == table).isPresent()) {
        names.addAll(key.parentColumns());
      }
    }
    return table.columns.stream()
        .filter(column -> names.contains(column.target.name()) || !column.sureToFit())
        .toList();
  }

  /** Whether the server can compare: all columns are moved, in their own types. */
  private boolean askable(TargetForeignKey key) {
    return child(key).filter(child -> child.plain(key.columns())).isPresent()
        && parent(key)
            .map(parent -> parent.rows == 0 || parent.plain(key.parentColumns()))
            .orElse(true);
  }

  private Optional<TableMapping> child(TargetForeignKey key) {
    return tables.stream().filter(table -> table.target.name().equals(key.table())).findFirst();
  }

  private Optional<TableMapping> parent(TargetForeignKey key) {
    return tables.stream().filter(table -> table.target.sql().equals(key.parentSql())).findFirst();
  }

  /** Whether no row of the index can be too long for it. */
  private static boolean fits(TableMapping table, TargetRules.Index index) {
    long bytes = 0;
    for (String name : index.columns()) {
      Optional<ColumnMapping> column = table.byTarget(name);
      if (name.isEmpty() || column.filter(c -> !c.sureToFit() || c.readByServer()).isPresent()) {
        return false;
      }
      bytes += column.map(ColumnMapping::longest).orElse(SMALL_INDEX_ROW) + PER_PART;
    }
    return bytes < SMALL_INDEX_ROW;
  }

  /** Whether no two rows can be the same to the index. */
  private boolean unique(TableMapping table, TargetRules.Index index) {
    return !index.unique()
        || (index.plain()
            && !unchecked.contains(table.source.name())
            && keys(table).stream().anyMatch(key -> covers(table, index, key)));
  }

  /** Whether rows that differ in a key of the source differ in the index. */
  private static boolean covers(TableMapping table, TargetRules.Index index, List<String> key) {
    return key.stream()
        .allMatch(name ->
            table.columns.stream()
                .filter(column -> column.source.name().equals(name))
                .anyMatch(column ->
                    index.columns().contains(column.target.name())
                        && column.staysDistinct()
                        && (index.nullsDistinct() || column.storage(Storage.NULL) == 0)));
  }

  /** Columns in which no two rows of the source are the same, unless one of them is NULL. */
  private static List<List<String>> keys(TableMapping table) {
    List<List<String>> keys = new ArrayList<>();
    List<SourceColumn> primary =
        table.source.columns().stream().filter(column -> column.primaryKey() > 0).toList();
    boolean indexed =
        table.source.indexes().stream().anyMatch(index -> index.origin().equals("pk"));
    boolean integer =
        primary.size() == 1 && Names.same(primary.getFirst().declaredType(), "INTEGER");
    if (integer && !indexed && !table.source.withoutRowid()) {
      // The row id itself.
      keys.add(List.of(primary.getFirst().name()));
    }
    for (SourceIndex index : table.source.indexes()) {
      boolean whole =
          index.where().tokens().isEmpty()
              && index.parts().stream()
                  .allMatch(part -> !part.column().isEmpty() && known(part.collation()));
      if (index.unique() && whole) {
        keys.add(index.parts().stream().map(SourceIndex.Part::column).toList());
      }
    }
    return keys;
  }

  /** Texts that differ to one of SQLite's own collations differ in their bytes. */
  private static boolean known(String collation) {
    return Set.of("BINARY", "NOCASE", "RTRIM").contains(collation);
  }
}
