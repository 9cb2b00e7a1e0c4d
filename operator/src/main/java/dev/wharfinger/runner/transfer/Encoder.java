package dev.wharfinger.runner.transfer;

/** Turns SQLite values into one PostgreSQL column's binary form, or says why not. Never guesses. */
interface Encoder {

  /** Encodes a value that is not NULL. */
  Outcome encode(Value value);

  /**
   * The form in which a field is compared: the server may spell a value differently from how it was
   * sent (jsonb, numeric, char(n)). Most types come back byte for byte.
   */
  default byte[] canonical(byte[] field) {
    return field;
  }
}
