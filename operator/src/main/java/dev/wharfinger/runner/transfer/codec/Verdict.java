package dev.wharfinger.runner.transfer.codec;

/**
 * What became of one value.
 *
 * @param grade whether it arrives
 * @param rule name of the rule that decided, as it stands in reports
 */
public record Verdict(Grade grade, String rule) {
  /** The value arrives as it is. */
  public static final Verdict EXACT = new Verdict(Grade.EXACT, "exact");

  /** Whether a value arrives. */
  public enum Grade {
    /** As it is. */
    EXACT,
    /** In another form with the same meaning; counted. */
    NORMALISED,
    /** Not at all: nothing is moved. */
    REJECTED
  }

  /** It arrives in another form. */
  public static Verdict normalised(String rule) {
    return new Verdict(Grade.NORMALISED, rule);
  }

  /** It does not arrive. */
  public static Verdict rejected(String rule) {
    return new Verdict(Grade.REJECTED, rule);
  }

  public boolean rejected() {
    return grade == Grade.REJECTED;
  }
}
