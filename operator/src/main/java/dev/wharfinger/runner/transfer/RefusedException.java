package dev.wharfinger.runner.transfer;

/** Something is in the way that trying again cannot mend. Nothing was changed. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String explanation;

  /**
   * @param reason CamelCase
   * @param explanation names what is in the way and the way out; no data values
   */
  RefusedException(String reason, String explanation) {
    super(reason + ": " + explanation);
    this.reason = reason;
    this.explanation = explanation;
  }

  String reason() {
    return reason;
  }

  String explanation() {
    return explanation;
  }
}
