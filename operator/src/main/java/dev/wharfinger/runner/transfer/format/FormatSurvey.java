package dev.wharfinger.runner.transfer.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn;
import dev.wharfinger.runner.transfer.sqlite.StoredForm;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out in which format a column of SQLite is: that in which each value, sent to PostgreSQL and
 * written back, is the same value again, to the byte.
 */
public final class FormatSurvey {
  /** What no format gave so far is not tried any more after so many values. */
  private static final int PATIENCE = 20;

  private final List<Format> candidates;
  private final SourceColumn.Affinity affinity;
  private final StoredForm stored;
  private final long limit;
  private final long[] fits;
  private final Cell again = new Cell();
  private final Field field = new Field();
  private long seen;
  private long emptied;

  /**
   * A survey of no value yet.
   *
   * @param limit number of values to look at
   */
  public FormatSurvey(
      List<Format> candidates, SourceColumn.Affinity affinity, StoredForm stored, long limit) {
    this.candidates = candidates;
    this.affinity = affinity;
    this.stored = stored;
    this.limit = limit;
    this.fits = new long[candidates.size()];
  }

  /**
   * Looks at one value.
   *
   * @param original as SQLite has it
   * @param verdict what the encoder said
   * @param sent holds what the encoder made of it, from {@code start} on
   */
  public void see(Cell original, Verdict verdict, RowBuffer sent, int start) throws SQLException {
    if (seen >= limit) {
      return;
    }
    if (verdict.rejected()) {
      seen++;
      return;
    }
    int length = ByteBuffer.wrap(sent.data()).getInt(start);
    if (length < 0) {
      emptied += original.storage() == Storage.NULL ? 0 : 1;
      return;
    }
    seen++;
    field.set(sent.data(), start + 4, length);
    for (int i = 0; i < fits.length; i++) {
      if (fits[i] > 0 || seen <= PATIENCE) {
        if (!candidates.get(i).cell(field, again).rejected()) {
          stored.apply(again, affinity);
          fits[i] += again.is(original) ? 1 : 0;
        }
      }
    }
  }

  /** Number of values that were looked at. */
  public long seen() {
    return seen;
  }

  /** How many values became NULL, such as empty text in a column of numbers. */
  public long emptied() {
    return emptied;
  }

  /** Formats in which all values are. */
  public List<Format> fitting() {
    List<Format> fitting = new ArrayList<>();
    for (int i = 0; i < fits.length; i++) {
      if (fits[i] == seen) {
        fitting.add(candidates.get(i));
      }
    }
    return fitting;
  }

  /** Whether any value is in a known format. */
  public boolean any() {
    return java.util.Arrays.stream(fits).anyMatch(count -> count > 0);
  }

  /** The format in which most values are; the first one where there are none. */
  public Format majority() {
    int best = 0;
    for (int i = 1; i < fits.length; i++) {
      best = fits[i] > fits[best] ? i : best;
    }
    return candidates.get(best);
  }

  /** For people: how many values are in the commonest formats. */
  public String histogram() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < fits.length; i++) {
      order.add(i);
    }
    order.sort((a, b) -> Long.compare(fits[b], fits[a]));
    List<String> parts = new ArrayList<>();
    for (int i : order) {
      if (fits[i] > 0 && parts.size() < 3) {
        parts.add(fits[i] + " of " + seen + " as " + candidates.get(i).name());
      }
    }
    return parts.isEmpty() ? "none of " + seen + " in a known format" : String.join(", ", parts);
  }

  /** What a later move back wants to know. */
  public void describe(ObjectNode column) {
    if (seen > 0 && candidates.size() > 1) {
      ObjectNode node = column.putObject("format").put("seen", seen);
      ArrayNode names = node.putArray("fits");
      fitting().forEach(format -> names.add(format.name()));
    }
  }
}
