package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.postgresql.TargetSequence;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sets sequences past the numbers that were moved. A sequence whose column is not moved is none of
 * our business, and none ever goes back.
 */
final class Sequences {
  private record Use(TargetSequence sequence, TableMapping table, ColumnMapping column) {
    boolean counts() {
      return column.target.type().matches("int[248]|numeric");
    }
  }

  private final List<Use> uses = new ArrayList<>();

  Sequences(List<TargetSequence> sequences, List<TableMapping> tables) {
    for (TargetSequence sequence : sequences) {
      for (TableMapping table : tables) {
        if (sequence.increment() > 0 && table.target.name().equals(sequence.table())) {
          table
              .byTarget(sequence.column())
              .ifPresent(column -> uses.add(new Use(sequence, table, column)));
        }
      }
    }
  }

  /** Finds sequences that would have no number left, while nothing is written yet. */
  void check(SourceDatabase source, Findings findings, Consumer<String> note) throws SQLException {
    for (Use use : uses) {
      String column = use.column.source.name();
      if (!use.counts()) {
        note.accept(
            "the sequence %s of the column %s.%s, which holds no numbers, stays where it is"
                .formatted(use.sequence.sequence(), use.table.target.name(), column));
        continue;
      }
      long used =
          source.number(
              "SELECT max(CAST(%s AS INTEGER)) FROM %s%s"
                  .formatted(
                      Quoting.name(column),
                      Quoting.name(use.table.source.name()),
                      use.table.arriving().orElse("")));
      if (Math.max(used, given(use)) >= use.sequence.maximum()) {
        findings.add(
            use.table.source.name(),
            column,
            "sequence-exhausted",
            use.sequence.sequence() + " ends at " + use.sequence.maximum());
      }
    }
  }

  /** What AUTOINCREMENT has given out, also to rows that were deleted since. */
  private static long given(Use use) {
    return use.column.source.primaryKey() > 0 ? use.table.source.sequence() : 0;
  }

  /**
   * Sets them, by RESTART, which is undone with the transaction; setval would not be.
   *
   * @return sequences that were set, and the number that comes next
   */
  Map<String, Long> restart(Connection connection, SourceDatabase source) throws SQLException {
    Map<String, Long> used = new LinkedHashMap<>();
    for (Use use : uses) {
      if (use.counts()) {
        long given = Math.max(given(use), aside(source, use));
        used.merge(use.sequence.sequence(), Math.max(largest(connection, use), given), Math::max);
      }
    }
    Map<String, Long> next = new LinkedHashMap<>();
    for (var entry : used.entrySet()) {
      String sequence = entry.getKey();
      String ahead = " OR (last_value = %1$d AND NOT is_called)".formatted(entry.getValue());
      boolean behind =
          Sql.number(
                  connection,
                  "SELECT (last_value < %d%s)::int FROM %s"
                      .formatted(entry.getValue(), ahead, sequence))
              == 1;
      if (behind) {
        // The plan has refused what is at the end of its sequence.
        next.put(sequence, Math.addExact(entry.getValue(), 1));
        Sql.run(connection, "ALTER SEQUENCE " + sequence + " RESTART WITH " + next.get(sequence));
      }
    }
    return next;
  }

  /** Numbers of rows in quarantine are not given out again: the rows may come back. */
  private static long aside(SourceDatabase source, Use use) throws SQLException {
    return use.table.quarantined.isEmpty()
        ? 0
        : source.number(
            "SELECT max(%1$s) FROM %2$s WHERE typeof(%1$s) = 'integer' AND %1$s < %3$d"
                .formatted(
                    Quoting.name(use.column.source.name()),
                    Quoting.name(use.table.source.name()),
                    use.sequence.maximum()));
  }

  private static long largest(Connection connection, Use use) throws SQLException {
    String column = Quoting.name(use.column.target.name());
    String whole = use.column.target.type().equals("numeric") ? "ceil(max(%s))" : "max(%s)";
    return Sql.number(
        connection, "SELECT " + whole.formatted(column) + "::int8 FROM " + use.table.target.sql());
  }
}
