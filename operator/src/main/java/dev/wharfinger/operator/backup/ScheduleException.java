package dev.wharfinger.operator.backup;

/** A schedule cannot be followed as it was written. Somebody has to correct the resource. */
public final class ScheduleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field {@code schedule}, {@code timeZone} or {@code jitter}: the field that has to change
   * @param explanation what is wrong with it, and the way out
   */
  ScheduleException(String field, String explanation) {
    super(field + ": " + explanation);
    this.field = field;
  }

  /** The name of the field beside which the message belongs. */
  public String field() {
    return field;
  }

  /** Begins with the name of the field. */
  public String explanation() {
    return String.valueOf(getMessage());
  }
}
