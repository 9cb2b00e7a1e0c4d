package dev.wharfinger.runner.transfer.codec;

/** Writes values of one target type as COPY BINARY fields. */
@FunctionalInterface
public interface ValueEncoder {
  /** An empty text into a column that is no text. */
  Verdict EMPTY_TO_NULL = Verdict.normalised("empty-text-to-null");

  /** A text of nothing but white space into such a column. */
  Verdict BLANK_TO_NULL = Verdict.normalised("blank-text-to-null");

  /** A zero that was below zero, for a type that knows only one. */
  Verdict NO_SIGN = Verdict.normalised("sign-of-zero-dropped");

  /** The target type has no use for this storage class. */
  Verdict WRONG_STORAGE = Verdict.rejected("storage-class-does-not-fit");

  /**
   * Writes one field.
   *
   * @param cell any storage class but NULL
   * @param out gets exactly one field unless the verdict is a rejection; then its content is
   *     undefined
   */
  Verdict encode(Cell cell, RowBuffer out);
}
