package dev.wharfinger.runner.transfer;

/** The transfer must not happen; the findings say why. Nothing was changed. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}
