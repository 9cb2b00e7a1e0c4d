package dev.wharfinger.runner.transfer.codec;

/**
 * One target column: what holds for every type, around the encoder of its type.
 *
 * @param values encoder of the type
 * @param notNull whether the column takes no NULL
 * @param emptyIsNull whether an empty text means that there is no value
 */
public record ColumnEncoder(ValueEncoder values, boolean notNull, boolean emptyIsNull) {
  private static final Verdict NULL = Verdict.rejected("null-in-not-null-column");
  private static final Verdict EMPTY = Verdict.rejected("empty-text-in-not-null-column");

  /**
   * Writes one field, or what makes that impossible.
   *
   * @param out gets exactly one field unless the verdict is a rejection
   */
  public Verdict encode(Cell cell, RowBuffer out) {
    if (cell.storage() == Storage.NULL) {
      out.fieldNull();
      return notNull ? NULL : Verdict.EXACT;
    }
    if (emptyIsNull && cell.blank()) {
      out.fieldNull();
      return notNull ? EMPTY : ValueEncoder.EMPTY_TO_NULL;
    }
    return values.encode(cell, out);
  }
}
