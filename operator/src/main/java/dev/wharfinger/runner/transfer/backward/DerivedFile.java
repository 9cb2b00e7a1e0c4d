package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.postgresql.TargetColumn;
import dev.wharfinger.runner.transfer.postgresql.TargetForeignKey;
import dev.wharfinger.runner.transfer.postgresql.TargetSequence;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An empty SQLite database with tables as PostgreSQL has them, where there is no file to take them
 * from. What PostgreSQL keeps out and SQLite would let in is refused.
 */
final class DerivedFile {
  private final SourceSnapshot source;
  private final Findings findings;
  private final Report report;
  private final Map<String, String> skipped = new LinkedHashMap<>();

  DerivedFile(SourceSnapshot source, Findings findings, Report report) {
    this.source = source;
    this.findings = findings;
    this.report = report;
  }

  /** Makes the file; {@code journal} is the journal mode it gets. */
  void make(Path file, String journal) throws Exception {
    List<String> statements = new ArrayList<>();
    Map<String, String> names = new LinkedHashMap<>();
    DerivedKeys keys = new DerivedKeys(source.connection(), findings, skipped);
    for (TargetTable table : source.catalog().tables()) {
      String other = names.put(Names.lower(table.name()), table.name());
      if (other != null) {
        findings.add(table.name(), "", "two-tables-for-one-target", other);
        continue;
      }
      statements.add(create(table, keys));
      statements.addAll(keys.indexes(table));
    }
    report.skipped(skipped);
    if (findings.any()) {
      return;
    }
    Files.createFile(file);
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + SourceDatabase.uri(file));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + journal);
      for (String sql : statements) {
        try {
          statement.execute(sql);
        } catch (SQLException e) {
          findings.add("", "", "schema-rejected-by-sqlite", SqliteErrors.brief(e));
        }
      }
    }
  }

  private String create(TargetTable table, DerivedKeys keys) throws SQLException {
    List<String> lines = new ArrayList<>();
    List<String> key = keys.primaryKey(table);
    boolean rowid = false;
    for (TargetColumn column : table.columns()) {
      boolean numbered = key.equals(List.of(column.name())) && column.type().matches("int[248]");
      rowid |= numbered;
      lines.add(column(table, column, numbered, key.contains(column.name())));
    }
    if (!key.isEmpty() && !rowid) {
      lines.add("PRIMARY KEY (" + quoted(key) + ")");
    }
    lines.addAll(keys.unique(table));
    for (TargetForeignKey foreign : source.catalog().foreignKeys()) {
      if (foreign.table().equals(table.name())) {
        lines.add(
            "FOREIGN KEY (%s) REFERENCES %s (%s) %s"
                .formatted(
                    quoted(foreign.columns()),
                    Quoting.name(foreign.parent()),
                    quoted(foreign.parentColumns()),
                    keys.actions(table, foreign)));
      }
    }
    keys.checks(table);
    return "CREATE TABLE " + Quoting.name(table.name()) + " (" + String.join(", ", lines) + ")";
  }

  private String column(TargetTable table, TargetColumn column, boolean numbered, boolean key) {
    if (column.generated()) {
      findings.add(
          table.name(), column.name(), "generated-column-not-translatable", column.formatted());
    }
    String name = Quoting.name(column.name());
    if (numbered) {
      boolean sequence =
          source.catalog().sequences().stream().anyMatch(s -> belongs(s, table, column));
      return name + " INTEGER PRIMARY KEY" + (sequence ? " AUTOINCREMENT" : "");
    }
    if (column.filled()) {
      skipped.put(table.name() + "." + column.name(), "default not translated");
    }
    String labels = column.labels().stream().map(Quoting::text).collect(Collectors.joining(", "));
    return name
        + " "
        + type(column)
        + (column.notNull() || key ? " NOT NULL" : "")
        + (labels.isEmpty() ? "" : " CHECK (" + name + " IN (" + labels + "))");
  }

  private static boolean belongs(TargetSequence sequence, TargetTable table, TargetColumn column) {
    return sequence.table().equals(table.name()) && sequence.column().equals(column.name());
  }

  /** Declarations whose affinity leaves texts alone, and that say what they are for. */
  private static String type(TargetColumn column) {
    return switch (column.type()) {
      case "int2", "int4", "int8" -> "INTEGER";
      case "float4", "float8" -> "REAL";
      case "numeric" -> "DECIMAL_TEXT";
      case "bool" -> "BOOLEAN";
      case "varchar", "bpchar" ->
          column.typmod() > 4 ? "VARCHAR(" + (column.typmod() - 4) + ")" : "TEXT";
      case "bytea" -> "BLOB";
      case "uuid" -> "UUID_TEXT";
      case "json", "jsonb" -> "JSON_TEXT";
      case "date" -> "DATE";
      case "time" -> "TIME";
      case "timestamp", "timestamptz" -> "TIMESTAMP";
      default -> "TEXT";
    };
  }

  static String quoted(List<String> names) {
    return names.stream().map(Quoting::name).collect(Collectors.joining(", "));
  }
}
