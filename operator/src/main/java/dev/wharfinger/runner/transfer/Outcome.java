package dev.wharfinger.runner.transfer;

/**
 * What became of one value.
 *
 * @param bytes the field in PostgreSQL's binary form; null for NULL or a rejected value
 * @param kind exact, normalised or rejected
 * @param rule why, in words for the report; never the value itself
 */
record Outcome(byte @org.jspecify.annotations.Nullable [] bytes, Kind kind, String rule) {
  enum Kind {
    EXACT,
    NORMALISED,
    REJECTED
  }

  static final Outcome NULL = new Outcome(null, Kind.EXACT, "null");

  static Outcome exact(byte[] bytes) {
    return new Outcome(bytes, Kind.EXACT, "exact");
  }

  static Outcome normalised(byte[] bytes, String rule) {
    return new Outcome(bytes, Kind.NORMALISED, rule);
  }

  static Outcome rejected(String rule) {
    return new Outcome(null, Kind.REJECTED, rule);
  }

  boolean rejected() {
    return kind == Kind.REJECTED;
  }
}
