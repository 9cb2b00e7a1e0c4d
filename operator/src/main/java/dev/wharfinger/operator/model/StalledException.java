package dev.wharfinger.operator.model;

/** Nothing can go on until somebody acts. Ends in the condition Stalled, not in a retry. */
public class StalledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String explanation;

  /**
   * @param reason the condition's reason, CamelCase
   * @param explanation names the field or object and the way out
   */
  public StalledException(String reason, String explanation) {
    super(explanation);
    this.reason = reason;
    this.explanation = explanation;
  }

  public String reason() {
    return reason;
  }

  public String explanation() {
    return explanation;
  }
}
