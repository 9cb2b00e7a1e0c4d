package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.TupleHash;
import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.format.Field;
import dev.wharfinger.runner.transfer.format.Format;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the rows of one table. Each value is written in its format, then taken forward again as
 * SQLite will have it; only what comes to the very value that PostgreSQL sent is accepted.
 */
final class RowWriter {
  /** NULL into a column that takes none; SQLite would say so for the first such column only. */
  private static final Verdict NULL = Verdict.rejected("null-in-not-null-column");

  private static final Verdict MIXED = Verdict.rejected("format-mixed");
  private static final Verdict AS_IN_FILE = Verdict.normalised("as-the-file-has-it");
  private static final Verdict AS_IN_POSTGRESQL = Verdict.normalised("as-postgresql-writes-it");
  private static final Verdict AMBIGUOUS = Verdict.rejected("format-ambiguous");

  private final BackTable table;
  private final PreparedStatement insert;
  private final Optional<PreparedStatement> withOwn;
  private final StoredForm form;
  private final Findings findings;
  private final Cell cell = new Cell();
  private final Cell other = new Cell();
  private final Field field = new Field();
  private final Comparison comparison = new Comparison();
  private final RowBuffer tuple = new RowBuffer();
  private final int stored;
  private final boolean futile;
  private final Optional<RetainedRow> retained;
  private final List<Cell> key = new ArrayList<>();

  /**
   * A writer; what has a finding already is looked at, but not given to SQLite.
   *
   * @param withOwn is tried first: it inserts a row that the file has too, with what only that has
   */
  RowWriter(
      BackTable table,
      Optional<RetainedRow> retained,
      PreparedStatement insert,
      Optional<PreparedStatement> withOwn,
      StoredForm form,
      Findings findings) {
    this.table = table;
    this.retained = retained;
    retained.ifPresent(row -> row.key().forEach(place -> key.add(new Cell())));
    this.insert = insert;
    this.withOwn = withOwn;
    this.form = form;
    this.findings = findings;
    this.stored = table.stored().size();
    this.futile =
        findings.all().keySet().stream().anyMatch(key -> key.table().equals(table.sqlite.name()));
    table.written = new TupleHash(new boolean[stored]);
    table.computed = new TupleHash(new boolean[table.columns.size() - stored]);
  }

  /** Writes one row, or adds findings. */
  void row(byte[] data, int[] starts, int[] lengths) throws SQLException {
    List<BackColumn> columns = table.columns;
    if (retained.isPresent()) {
      find(retained.get(), data, starts, lengths);
    }
    boolean good = true;
    int split = 0;
    tuple.truncate(0);
    for (int i = 0; i < columns.size(); i++) {
      BackColumn column = columns.get(i);
      split = i == stored ? tuple.size() : split;
      Verdict verdict = value(i, data, starts, lengths);
      column.count(verdict);
      if (verdict.rejected()) {
        long place = place(data, starts[columns.size()]);
        findings.add(table.sqlite.name(), column.sqlite.name(), verdict.rule(), place);
        good = false;
      } else {
        Tuples.put(cell, tuple);
        column.written[cell.storage().ordinal()]++;
        if (i < stored) {
          Binding.bind(insert, i + 1, cell);
          if (withOwn.isPresent()) {
            Binding.bind(withOwn.get(), i + 1, cell);
          }
        }
      }
    }
    table.rows++;
    if (good && !futile) {
      int end = stored == columns.size() ? tuple.size() : split;
      insert(data, starts);
      table.written.add(tuple.data(), 0, end);
      table.computed.add(tuple.data(), end, tuple.size());
    }
  }

  private void find(RetainedRow row, byte[] data, int[] starts, int[] lengths) throws SQLException {
    for (int i = 0; i < key.size(); i++) {
      int place = row.key().get(i);
      // A key that is rejected finds nothing; it gets its finding when its turn comes.
      boolean bad =
          format(table.columns.get(place), data, starts[place], lengths[place]).rejected();
      key.get(i).set(bad ? new Cell() : cell);
    }
    row.find(key);
  }

  private Verdict value(int place, byte[] data, int[] starts, int[] lengths) throws SQLException {
    BackColumn column = table.columns.get(place);
    int start = starts[place];
    int length = lengths[place];
    field.set(data, start, Math.max(0, length));
    column.nulls += length < 0 ? 1 : 0;
    if (retained.isPresent()
        && column.retained
        && retained.get().unchanged(place, field, data, starts, lengths, cell)) {
      return cell.storage() == Storage.NULL ? Verdict.EXACT : AS_IN_FILE;
    }
    Verdict verdict = column.mixed && length >= 0 ? MIXED : format(column, data, start, length);
    boolean respelt = column.converted() && column.retained && length >= 0;
    return respelt && verdict == Verdict.EXACT ? AS_IN_POSTGRESQL : verdict;
  }

  private Verdict format(BackColumn column, byte[] data, int start, int length)
      throws SQLException {
    if (length < 0) {
      cell.setNull();
      return column.takesNoNull() ? NULL : Verdict.EXACT;
    }
    field.set(data, start, length);
    Verdict verdict = column.formats.getFirst().cell(field, cell);
    if (verdict.rejected()) {
      return verdict;
    }
    for (int i = 1; i < column.formats.size(); i++) {
      Format alternative = column.formats.get(i);
      if (alternative.cell(field, other).rejected() || !other.is(cell)) {
        return AMBIGUOUS;
      }
    }
    form.apply(cell, column.affinity);
    return comparison.forward(column, cell, field, data, start, length);
  }

  private void insert(byte[] data, int[] starts) throws SQLException {
    try {
      if (withOwn.isPresent() && withOwn.get().executeUpdate() > 0) {
        table.found++;
      } else {
        insert.executeUpdate();
      }
    } catch (SQLException e) {
      long place = place(data, starts[table.columns.size()]);
      findings.add(
          table.sqlite.name(),
          SqliteErrors.place(e, table.sqlite.name()),
          SqliteErrors.rule(e),
          place);
    }
  }

  /** Block and place in it, as one number. */
  private static long place(byte[] data, int start) {
    ByteBuffer ctid = ByteBuffer.wrap(data);
    return (ctid.getInt(start) & 0xffffffffL) << 16 | (ctid.getShort(start + 4) & 0xffff);
  }
}
