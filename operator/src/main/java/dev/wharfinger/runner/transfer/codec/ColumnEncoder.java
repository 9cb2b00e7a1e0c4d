package dev.wharfinger.runner.transfer.codec;

import org.jspecify.annotations.Nullable;

/**
 * One target column: what holds for every type, around the encoder of its type.
 *
 * @param values encoder of the type
 * @param notNull whether the column takes no NULL
 * @param emptyIsNull whether an empty text means that there is no value
 * @param remedies what was chosen for values that are rejected
 */
public record ColumnEncoder(
    ValueEncoder values, boolean notNull, boolean emptyIsNull, Remedies remedies) {
  private static final Verdict NULL = Verdict.rejected("null-in-not-null-column");
  private static final Verdict EMPTY = Verdict.rejected("empty-text-in-not-null-column");

  /** More than one thing may be wrong with a value. */
  private static final int MOST_REMEDIES = 3;

  /**
   * Writes one field, or what makes that impossible.
   *
   * @param cell the value; another one afterwards where a policy has changed it
   * @param out gets exactly one field unless the verdict is a rejection
   */
  public Verdict encode(Cell cell, RowBuffer out) {
    Verdict asText = remedies.bytesAsText(cell);
    int start = out.size();
    Verdict verdict = plain(cell, out);
    if (verdict.rejected()) {
      return remedied(verdict, cell, start, out);
    }
    return asText == null ? verdict : asText;
  }

  /** Whether the row of a value that was rejected by this rule is kept aside. */
  public boolean quarantines(String rule, Cell cell) {
    return remedies.quarantines(rule, cell);
  }

  private Verdict remedied(Verdict rejected, Cell cell, int start, RowBuffer out) {
    Verdict verdict = rejected;
    @Nullable Verdict chosen = null;
    for (int i = 0; i < MOST_REMEDIES && verdict.rejected(); i++) {
      chosen = remedies.remedy(verdict.rule(), cell);
      if (chosen == null) {
        return verdict;
      }
      out.truncate(start);
      verdict = plain(cell, out);
    }
    return verdict.rejected() || chosen == null ? verdict : chosen;
  }

  private Verdict plain(Cell cell, RowBuffer out) {
    if (cell.storage() == Storage.NULL) {
      out.fieldNull();
      return notNull ? NULL : Verdict.EXACT;
    }
    if (emptyIsNull && cell.blank()) {
      out.fieldNull();
      if (notNull) {
        return EMPTY;
      }
      return cell.bytes().length == 0 ? ValueEncoder.EMPTY_TO_NULL : ValueEncoder.BLANK_TO_NULL;
    }
    return values.encode(cell, out);
  }
}
