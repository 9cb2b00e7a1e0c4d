package dev.wharfinger.runner.transfer;

/**
 * One SQLite value by storage class, which alone says what it is; declared types say nothing
 * certain.
 */
sealed interface Value {
  /** No value. */
  record Null() implements Value {}

  /** A 64-bit integer. */
  record Int(long value) implements Value {}

  /** An IEEE double. */
  record Real(double value) implements Value {}

  /** Text as its raw bytes: the driver's String would hide invalid UTF-8. */
  record Text(byte[] bytes) implements Value {}

  /** Bytes. */
  record Blob(byte[] bytes) implements Value {}

  Value NULL = new Null();
}
