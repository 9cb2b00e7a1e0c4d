package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.format.FormatSurvey;
import dev.wharfinger.runner.transfer.format.Formats;
import dev.wharfinger.runner.transfer.sqlite.RowCursor;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import java.util.function.LongConsumer;

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
  private final StoredForm stored = new StoredForm();
  private final LongConsumer rowDone;
  private long row;

  /**
   * A pump.
   *
   * @param rowDone called after each row
   */
  RowPump(SourceDatabase source, LongConsumer rowDone) {
    this.source = source;
    this.rowDone = rowDone;
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
          long rowid = rowid(values);
          for (int i = 0; i < table.columns.size(); i++) {
            ColumnMapping column = table.columns.get(i);
            values.read(i + 1, cell);
            int start = buffer.size();
            Verdict verdict = column.encoder.encode(cell, buffer);
            if (column.survey != null) {
              column.survey.see(cell, verdict, buffer, start);
            }
            column.count(cell.storage(), verdict);
            if (verdict.rejected()) {
              findings.add(table.source.name(), column.source.name(), verdict.rule(), rowid);
            }
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

  private long rowid(RowCursor.Row values) throws java.sql.SQLException {
    values.read(0, cell);
    return switch (cell.storage()) {
      case INTEGER -> cell.integer();
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
    source.forEach(
        table.selectSql(),
        values -> {
          buffer.putShort(table.columns.size());
          int start = buffer.size();
          for (int i = 0; i < table.columns.size(); i++) {
            values.read(i + 1, cell);
            if (table.columns.get(i).encoder.encode(cell, buffer).rejected()) {
              throw new IllegalStateException("the source is not what it was when it was planned");
            }
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
}
