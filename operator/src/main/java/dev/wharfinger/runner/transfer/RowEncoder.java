package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.Mapping.Columns;
import dev.wharfinger.runner.transfer.Mapping.Pair;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Encodes one table's rows; used with a sink to copy and without one to plan, so that the plan is
 * the real thing.
 */
final class RowEncoder {
  private final Pair pair;
  private final Report report;
  private final Report.Table table;
  private final Report.Column[] columns;
  private final Encoder[] encoders;
  private final TupleHash hash = new TupleHash();

  RowEncoder(Pair pair, Report report) {
    this.pair = pair;
    this.report = report;
    this.table = new Report.Table(pair.target().name());
    this.columns = new Report.Column[pair.columns().size()];
    this.encoders = new Encoder[pair.columns().size()];
    for (int i = 0; i < columns.length; i++) {
      Columns column = pair.columns().get(i);
      columns[i] = new Report.Column(column.target().type());
      encoders[i] = column.target().encoder();
      table.columns.put(column.target().name(), columns[i]);
    }
  }

  /**
   * The row's fields, null for NULL; or null where a value was rejected, which the report then
   * says.
   */
  byte @Nullable [] @Nullable [] encode(long rowid, List<Value> values) {
    byte @Nullable [][] fields = new byte @Nullable [values.size()][];
    boolean good = true;
    for (int i = 0; i < values.size(); i++) {
      Outcome outcome = outcome(i, values.get(i));
      if (outcome.rejected()) {
        report.find(table.name, pair.columns().get(i).target().name(), outcome.rule(), rowid);
        good = false;
      }
      fields[i] = outcome.bytes();
      hash.field(fields[i] == null ? null : encoders[i].canonical(fields[i]));
    }
    hash.endRow();
    return good ? fields : null;
  }

  private Outcome outcome(int i, Value value) {
    Columns column = pair.columns().get(i);
    Outcome outcome = value instanceof Value.Null ? Outcome.NULL : encoders[i].encode(value);
    if (outcome.rejected() && emptyText(value) && !column.target().notNull()) {
      outcome = new Outcome(null, Outcome.Kind.NORMALISED, "empty text to NULL");
    }
    if (outcome.bytes() == null && !outcome.rejected() && column.target().notNull()) {
      outcome = Outcome.rejected("NULL in a NOT NULL column");
    }
    columns[i].storage.merge(
        value.getClass().getSimpleName().toLowerCase(Locale.ROOT), 1L, Long::sum);
    columns[i].rules.merge(outcome.rule(), 1L, Long::sum);
    return outcome;
  }

  private static boolean emptyText(Value value) {
    return value instanceof Value.Text text && text.bytes().length == 0;
  }

  /** The table's part of the report, complete once all rows are through. */
  Report.Table finish() {
    table.rows = hash.rows();
    table.hash = hash.value();
    return table;
  }

  Encoder[] encoders() {
    return encoders;
  }
}
