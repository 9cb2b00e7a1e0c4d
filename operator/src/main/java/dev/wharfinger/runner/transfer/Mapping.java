package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.postgresql.TargetCatalog;
import dev.wharfinger.runner.transfer.postgresql.TargetColumn;
import dev.wharfinger.runner.transfer.postgresql.TargetTable;
import dev.wharfinger.runner.transfer.sql.Names;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceCatalog;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.SourceTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which source table goes where. Names match exactly, or by case alone where that is unique; a name
 * longer than PostgreSQL keeps matches its first 63 bytes.
 */
public final class Mapping {
  private final SourceDatabase source;
  private final Findings findings;
  private final Policies policies;
  private final boolean bookkeepingToo;

  /** What a policy leaves behind, as it stands among what was decided. */
  final Findings leftBehind = new Findings();

  private final Set<String> names = new HashSet<>();

  /** Tables that are copied. */
  final List<TableMapping> tables = new ArrayList<>();

  /** Bookkeeping tables of the source with those of the target, which may be missing. */
  final Map<SourceTable, @Nullable TargetTable> bookkeeping = new LinkedHashMap<>();

  /** Tables only one side has, with the reason why they are left alone. */
  final Map<String, String> skipped = new LinkedHashMap<>();

  Mapping(SourceDatabase source, Findings findings, Policies policies, boolean bookkeepingToo) {
    this.source = source;
    this.findings = findings;
    this.policies = policies;
    this.bookkeepingToo = bookkeepingToo;
  }

  /** Maps everything and adds a finding for what has no place and is not empty. */
  void build(SourceCatalog sourceCatalog, TargetCatalog target) throws SQLException {
    Set<String> used = new HashSet<>();
    sourceCatalog.tables().forEach(table -> names.add(table.name()));
    for (SourceTable table : sourceCatalog.tables()) {
      TargetTable match = match(table.name(), target.tables(), TargetTable::name);
      if (match != null && !used.add(match.name())) {
        findings.add(table.name(), "", "two-tables-for-one-target", match.name());
      }
      if (Bookkeeping.is(table) && !bookkeepingToo) {
        bookkeeping.put(table, match);
        skipped.put(table.name(), "bookkeeping of a migration tool");
      } else if (checkpoints(table)) {
        if (source.count(table.name()) > 0) {
          findings.add(table.name(), "", "table-not-row-mappable", "a LangGraph checkpoint store");
        } else {
          skipped.put(table.name(), "a LangGraph checkpoint store, and empty");
        }
      } else if (unusual(table, target)) {
        continue;
      } else if (match == null) {
        missing(table);
      } else {
        tables.add(map(table, match));
      }
    }
    for (TargetTable table : target.tables()) {
      if (!used.contains(table.name())) {
        skipped.put(table.name(), "only in the target");
      }
    }
  }

  /** What were moved into such a table could not be counted, emptied, or moved back. */
  private boolean unusual(SourceTable table, TargetCatalog target) throws SQLException {
    String name = match(table.name(), List.copyOf(target.unusual().keySet()), one -> one);
    if (name == null) {
      return false;
    }
    String why = String.valueOf(target.unusual().get(name));
    if (source.count(table.name()) > 0) {
      findings.add(table.name(), "", "table-out-of-reach", why);
    } else {
      skipped.put(table.name(), "empty, and on PostgreSQL " + why);
    }
    return true;
  }

  /** How many rows there are to copy. */
  long rows() throws SQLException {
    long rows = 0;
    for (TableMapping table : tables) {
      rows += source.count(table.source.name());
    }
    return rows;
  }

  private void missing(SourceTable table) throws SQLException {
    long rows = source.count(table.name());
    if (rows > 0 && policies.leavesBehind(table.name(), "")) {
      leave(table.name(), "", rows);
      skipped.put(table.name(), "not in the target, and by policy its rows stay behind");
    } else if (rows > 0) {
      findings.add(table.name(), "", "table-missing-in-target", rows + " rows");
    } else {
      skipped.put(table.name(), "empty, and not in the target");
    }
  }

  private void leave(String table, String column, long count) {
    leftBehind.addAll(
        table, column, "policy-" + PolicyKind.MISSING_IN_TARGET.word(), count, List.of(), "ignore");
  }

  /** A row of it means something else in PostgreSQL, though tables and columns have one name. */
  private static boolean checkpoints(SourceTable table) {
    return table.column("thread_id").isPresent()
        && table.column("checkpoint_ns").isPresent()
        && table.column("checkpoint_id").isPresent();
  }

  private TableMapping map(SourceTable table, TargetTable target) throws SQLException {
    List<ColumnMapping> columns = new ArrayList<>();
    List<ColumnMapping> computed = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (SourceColumn column : table.columns()) {
      TargetColumn match = match(column.name(), target.columns(), TargetColumn::name);
      if (match == null) {
        missing(table, column);
        continue;
      }
      if (!used.add(match.name())) {
        findings.add(table.name(), column.name(), "two-columns-for-one-target", match.name());
      }
      boolean readable = !column.generated() || readable(table, column);
      if (!readable && !match.generated()) {
        findings.add(table.name(), column.name(), "source-column-unreadable", "");
      } else if (readable) {
        (match.generated() ? computed : columns)
            .add(
                ColumnMapping.of(
                    column,
                    match,
                    ColumnFacts.NONE,
                    choices(table, column, match),
                    source.scratch()));
      }
    }
    for (TargetColumn column : target.columns()) {
      if (!used.contains(column.name())
          && column.notNull()
          && !column.filled()
          && !column.generated()
          && source.count(table.name()) > 0) {
        findings.add(
            table.name(), column.name(), "target-column-needs-a-value", column.formatted());
      }
    }
    if (columns.isEmpty() && source.count(table.name()) > 0) {
      findings.add(table.name(), "", "no-column-in-common", "");
    }
    TableMapping mapping = new TableMapping(table, target, columns, source.scratch());
    mapping.computed = comparable(table, computed);
    return mapping;
  }

  /** Those whose values can be compared, and are to be. */
  private List<ColumnMapping> comparable(SourceTable table, List<ColumnMapping> computed)
      throws SQLException {
    List<ColumnMapping> comparable = new ArrayList<>();
    for (ColumnMapping column : computed) {
      String why = notCompared(table, column);
      skipped.put(
          table.name() + "." + column.source.name(),
          why.isEmpty()
              ? "computed by the target, and compared when the rows are there"
              : "computed by the target, and not compared: " + why);
      if (why.isEmpty()) {
        comparable.add(column);
      }
    }
    return comparable;
  }

  private String notCompared(SourceTable table, ColumnMapping column) throws SQLException {
    String type = column.target.type();
    long values =
        source.number(
            "SELECT count(%s) FROM %s"
                .formatted(Quoting.name(column.source.name()), Quoting.name(table.name())));
    if (values == 0) {
      return "there are no values";
    }
    // Equal values are sent in more than one form: 60 and 60.00, and documents by their spelling.
    boolean forms = type.equals("json") || (type.equals("numeric") && column.target.typmod() == -1);
    if (forms || column.readByServer()) {
      return column.target.formatted();
    }
    if (policies.leavesBehind(table.name(), column.source.name())) {
      leave(table.name(), column.source.name(), values);
      return "by policy";
    }
    return "";
  }

  /** What numbers count is certain where it is known who writes them. */
  private Choices choices(SourceTable table, SourceColumn column, TargetColumn match) {
    return known(policies.choices(table.name(), column.name()), match.type(), names);
  }

  /**
   * What is decided of a column's values, with what is known without that.
   *
   * @param type of the column on PostgreSQL
   * @param names of the file's tables
   */
  public static Choices known(Choices decided, String type, Set<String> names) {
    if (type.equals("interval") && names.contains("django_migrations")) {
      return decided.or(PolicyKind.EPOCH_UNIT, "microseconds");
    }
    boolean time = type.startsWith("timestamp");
    return time && names.contains("_prisma_migrations")
        ? decided.or(PolicyKind.EPOCH_UNIT, "milliseconds")
        : decided;
  }

  /** Whether it is computed without functions of the application. */
  private boolean readable(SourceTable table, SourceColumn column) {
    try {
      source.stores(table.name(), column.name(), "'null'");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private void missing(SourceTable table, SourceColumn column) throws SQLException {
    if (column.generated()) {
      skipped.put(table.name() + "." + column.name(), "generated, and not in the target");
      return;
    }
    long values =
        source.number(
            "SELECT count(%s) FROM %s"
                .formatted(Quoting.name(column.name()), Quoting.name(table.name())));
    if (values > 0 && policies.leavesBehind(table.name(), column.name())) {
      leave(table.name(), column.name(), values);
      skipped.put(
          table.name() + "." + column.name(),
          "not in the target, and by policy its values stay behind");
    } else if (values > 0) {
      findings.add(
          table.name(), column.name(), "column-missing-in-target", values + " rows have a value");
    } else {
      skipped.put(table.name() + "." + column.name(), "empty, and not in the target");
    }
  }

  /** The one of {@code candidates} that has this name. */
  public static <T> @Nullable T match(String wanted, List<T> candidates, Function<T, String> name) {
    String kept = Names.truncate(wanted);
    T folded = null;
    int count = 0;
    for (T candidate : candidates) {
      if (name.apply(candidate).equals(kept)) {
        return candidate;
      }
      if (Names.same(name.apply(candidate), kept)) {
        folded = candidate;
        count++;
      }
    }
    return count == 1 ? folded : null;
  }
}
