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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    DerivedNames names = DerivedNames.of(catalog);
    List<Statement> unnamed = new ArrayList<>();
    refuseAlike(catalog);
    for (SourceTable table : catalog.tables()) {
      DerivedTable derived = new DerivedTable(table, findings, policies, skipped);
      String create = derived.create(source, qualified(table.name()));
      before.add(new Statement(table.name(), "", create));
      for (SourceIndex index : table.indexes()) {
        // PostgreSQL gives a name that is free; it must not be one that another index needs.
        boolean named = index.origin().equals("c");
        index(derived, index, names.of(index.name()), named ? after : unnamed);
      }
    }
    after.addAll(unnamed);
    for (SourceTable table : catalog.tables()) {
      table.foreignKeys().forEach(key -> foreignKey(catalog, table, key));
    }
  }

  /**
   * PostgreSQL keeps only so much of a name, and the application asks by the same name for both.
   */
  private void refuseAlike(SourceCatalog catalog) throws RefusedException {
    Findings alike = new Findings();
    Set<String> tables = new HashSet<>();
    for (SourceTable table : catalog.tables()) {
      if (!tables.add(Names.truncate(table.name()))) {
        alike.add(table.name(), "", "two-tables-for-one-target", Names.truncate(table.name()));
      }
      Set<String> columns = new HashSet<>();
      for (SourceColumn column : table.columns()) {
        String name = Names.truncate(column.name());
        if (!columns.add(name)) {
          alike.add(table.name(), column.name(), "two-columns-for-one-target", name);
        }
      }
    }
    if (alike.any()) {
      findings.addAll(alike);
      throw new RefusedException("no schema can be derived; see the findings");
    }
  }

  private void index(DerivedTable derived, SourceIndex index, String name, List<Statement> into) {
    SourceTable table = derived.table;
    Optional<List<String>> statements =
        new DerivedIndex(derived, index, qualified(table.name()), name).create();
    if (statements.isPresent()) {
      statements.get().forEach(s -> into.add(new Statement(table.name(), index.name(), s)));
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
