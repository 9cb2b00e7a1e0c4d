package dev.wharfinger.runner.transfer;

/** The transfer must not happen; the findings say why. Nothing was changed. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
