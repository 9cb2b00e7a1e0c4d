package dev.wharfinger.operator.model;

/**
 * A spec that passed the API server and still cannot be served; ends in a condition, not in a
 * retry.
 */
public class InvalidSpecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason the condition's reason, CamelCase
   * @param message names the field and the way out
   */
  public InvalidSpecException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
