package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.format.FormatSurvey;
import dev.wharfinger.runner.transfer.format.Formats;
import dev.wharfinger.runner.transfer.sqlite.RowCursor;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table and encodes it. One code for the plan, which only looks, and for the copy, which
 * sends: what the plan accepts is what is sent. Memory is bounded by the longest row.
 */
final class RowPump {
  private static final int FLUSH = 1 << 16;

  /** Values of a column whose format is looked at. */
  private static final long SURVEYED = 1000;

  /** Takes encoded data. */
  interface Sink {
    void write(byte[] data, int length) throws Exception;
  }

  private final SourceDatabase source;
  private final RowBuffer buffer = new RowBuffer();
  private final Cell cell = new Cell();
  private final Cell id = new Cell();
  private final StoredForm stored = new StoredForm();
  private final LongConsumer rowDone;
  private long row;
  private @Nullable LongConsumer numbers;
  private Set<Long> without = Set.of();
  private String where = "";

  /**
   * A pump.
   *
   * @param rowDone called after each row
   */
  RowPump(SourceDatabase source, LongConsumer rowDone) {
    this.source = source;
    this.rowDone = rowDone;
  }

  /**
   * Lets this pump send the row id before each row, and leave out what cannot be sent.
   *
   * @param left rows that are left out in any case
   * @param sent gets the row id of each row that is sent
   */
  RowPump numbered(Set<Long> left, LongConsumer sent) {
    without = left;
    numbers = sent;
    return this;
  }

  /** Lets this pump send some rows only: those of a condition with its WHERE. */
  RowPump within(String condition) {
    where = condition;
    return this;
  }

  /** Encodes every row and keeps nothing but what was found. */
  void plan(TableMapping table, Findings findings) throws Exception {
    row = 0;
    if (table.columns.isEmpty()) {
      return;
    }
    for (ColumnMapping column : table.columns) {
      column.survey = survey(column);
    }
    source.forEach(
        table.selectSql(),
        values -> {
          row++;
          buffer.truncate(0);
          for (int i = 0; i < table.columns.size(); i++) {
            ColumnMapping column = table.columns.get(i);
            values.read(i + 1, cell);
            Storage storage = cell.storage();
            column.measure(cell);
            int start = buffer.size();
            Verdict verdict = column.encoder.encode(cell, buffer);
            if (column.survey != null) {
              column.survey.see(cell, verdict, buffer, start);
            }
            column.count(storage, verdict, buffer.size() - start);
            if (verdict.grade() == Verdict.Grade.CHOSEN) {
              column.change(verdict, rowid(values));
            } else if (verdict.rejected()) {
              table.refuse(column, verdict.rule(), cell, rowid(values), findings);
            }
          }
          if (!RowSizes.fits(buffer.size())) {
            findings.add(table.source.name(), "", "row-too-large", rowid(values));
          }
          if (table.cuts.row(buffer.size())) {
            table.cuts.behind(rowid(values));
          }
          rowDone.accept(1);
        });
    table.rows = row;
  }

  private FormatSurvey survey(ColumnMapping column) {
    SourceColumn.Affinity affinity = column.source.affinity();
    return new FormatSurvey(
        Formats.of(column.target.type(), column.source.declaredType(), affinity),
        affinity,
        stored,
        SURVEYED);
  }

  private long rowid(RowCursor.Row values) throws SQLException {
    values.read(0, id);
    return switch (id.storage()) {
      case INTEGER -> id.integer();
      default -> row;
    };
  }

  /**
   * Encodes every row and sends it.
   *
   * @return the hash of what was sent
   * @throws IllegalStateException where a value is rejected now that the plan accepted
   */
  TupleHash copy(TableMapping table, Sink sink) throws Exception {
    TupleHash hash = new TupleHash(table.jsonb());
    buffer.truncate(0);
    table.bytes = 0;
    row = 0;
    // Not asked for where nobody wants to know: it is one value more in each row.
    boolean named =
        numbers != null
            || !table.dropped.isEmpty()
            || !without.isEmpty()
            || table.columns.stream().anyMatch(column -> !column.nulled.isEmpty());
    source.forEach(
        table.selectSql(where),
        values -> {
          row++;
          long rowid = named ? rowid(values) : row;
          if (table.dropped.contains(rowid) || has(without, rowid)) {
            return;
          }
          int begin = buffer.size();
          buffer.putShort(table.columns.size() + (numbers == null ? 0 : 1));
          if (numbers != null) {
            buffer.fieldLong(rowid);
          }
          int start = buffer.size();
          if (!encode(table, values, rowid)) {
            buffer.truncate(begin);
            return;
          }
          if (numbers != null) {
            numbers.accept(rowid);
          }
          hash.add(buffer.data(), start, buffer.size());
          table.bytes += buffer.size() - start;
          if (buffer.size() >= FLUSH) {
            sink.write(buffer.data(), buffer.size());
            buffer.truncate(0);
          }
          rowDone.accept(1);
        });
    sink.write(buffer.data(), buffer.size());
    buffer.truncate(0);
    return hash;
  }

  private boolean encode(TableMapping table, RowCursor.Row values, long rowid) throws SQLException {
    for (int i = 0; i < table.columns.size(); i++) {
      values.read(i + 1, cell);
      if (table.columns.get(i).nulled.contains(rowid)) {
        cell.setNull();
      }
      if (table.columns.get(i).encoder.encode(cell, buffer).rejected()) {
        if (numbers != null) {
          return false;
        }
        throw new IllegalStateException("the source is not what it was when it was planned");
      }
    }
    return true;
  }

  /** Mostly there are none, and then no number need become an object. */
  private static boolean has(Set<Long> rows, long row) {
    return !rows.isEmpty() && rows.contains(row);
  }
}
