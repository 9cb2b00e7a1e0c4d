package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceForeignKey;
import dev.wharfinger.runner.transfer.sqlite.SourceIndex;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A target schema made from the source's: by declared type and by what is stored, widened to be
 * safe. What PostgreSQL cannot have exactly so is left out and listed, or refused where leaving it
 * out would let in what the source keeps out.
 */
final class DerivedSchema {
  /**
   * A statement.
   *
   * @param table the source's table it is for
   * @param object column, index or key it is for, empty for the table
   * @param sql the statement
   */
  record Statement(String table, String object, String sql) {}

  private final SourceDatabase source;
  private final Findings findings;
  private final Policies policies;
  private final String schema;

  /** Statements that make the tables. */
  final List<Statement> before = new ArrayList<>();

  /** Statements that make indexes and foreign keys, for after the load. */
  final List<Statement> after = new ArrayList<>();

  /** What was left out, with the reason. */
  final Map<String, String> skipped = new LinkedHashMap<>();

  DerivedSchema(SourceDatabase source, String schema, Findings findings, Policies policies) {
    this.source = source;
    this.schema = schema;
    this.findings = findings;
    this.policies = policies;
  }

  /** Derives everything; nothing is written. */
  void derive(SourceCatalog catalog) throws Exception {
    for (SourceTable table : catalog.tables()) {
      DerivedTable derived = new DerivedTable(table, findings, policies, skipped);
      String create = derived.create(source, qualified(table.name()));
      before.add(new Statement(table.name(), "", create));
      table.indexes().forEach(index -> index(derived, index));
    }
    for (SourceTable table : catalog.tables()) {
      table.foreignKeys().forEach(key -> foreignKey(catalog, table, key));
    }
  }

  private void index(DerivedTable derived, SourceIndex index) {
    SourceTable table = derived.table;
    Optional<List<String>> statements =
        new DerivedIndex(derived, index, qualified(table.name())).create();
    if (statements.isPresent()) {
      statements.get().forEach(s -> after.add(new Statement(table.name(), index.name(), s)));
    } else if (index.unique()) {
      findings.add(table.name(), index.name(), "unique-index-not-translatable", index.sql());
    } else {
      skipped.put(
          table.name() + "." + index.name(),
          "index left out: its expression or condition may mean something else on PostgreSQL;"
              + " without it queries are slower");
    }
  }

  private void foreignKey(SourceCatalog catalog, SourceTable table, SourceForeignKey key) {
    SourceTable parent =
        catalog.tables().stream()
            .filter(t -> Names.same(t.name(), key.parent()))
            .findFirst()
            .orElse(null);
    if (parent == null) {
      skipped.put(table.name() + " → " + key.parent(), "foreign key to a table that is not there");
      return;
    }
    List<String> to =
        key.parentColumns().isEmpty()
            ? DerivedTable.primaryKey(parent)
            : key.parentColumns().stream()
                .map(c -> parent.column(c).map(SourceColumn::name).orElse(c))
                .toList();
    List<String> from =
        key.columns().stream().map(c -> table.column(c).map(SourceColumn::name).orElse(c)).toList();
    String sql =
        "ALTER TABLE %s ADD FOREIGN KEY (%s) REFERENCES %s (%s) ON UPDATE %s ON DELETE %s%s"
            .formatted(
                qualified(table.name()),
                DerivedTable.names(from),
                qualified(parent.name()),
                DerivedTable.names(to),
                key.onUpdate(),
                key.onDelete(),
                key.deferred() ? " DEFERRABLE INITIALLY DEFERRED" : "");
    after.add(new Statement(table.name(), String.join(",", from), sql));
  }

  private String qualified(String table) {
    return Quoting.name(schema) + "." + DerivedTable.name(table);
  }
}
