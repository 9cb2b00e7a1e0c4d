package dev.wharfinger.runner.transfer;

/** An expression that PostgreSQL has no equal of. */
final class UntranslatableException extends Exception {
  private static final long serialVersionUID = 1L;

  UntranslatableException() {
    super(null, null, false, false);
  }
}
