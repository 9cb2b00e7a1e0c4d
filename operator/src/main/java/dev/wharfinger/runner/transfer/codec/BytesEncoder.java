package dev.wharfinger.runner.transfer.codec;

/** bytea. Text is never taken for base64 or hex. */
record BytesEncoder() implements ValueEncoder {
  private static final Verdict TEXT = Verdict.normalised("text-to-its-bytes");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    return switch (cell.storage()) {
      case BLOB -> put(cell.bytes(), Verdict.EXACT, out);
      case TEXT -> put(cell.bytes(), TEXT, out);
      case INTEGER, REAL, NULL -> WRONG_STORAGE;
    };
  }

  private static Verdict put(byte[] bytes, Verdict verdict, RowBuffer out) {
    out.field(bytes);
    return verdict;
  }
}
