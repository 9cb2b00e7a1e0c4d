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
    /** In a form that a person chose, though something is lost; counted. */
    CHOSEN,
    /** Not at all: nothing is moved. */
    REJECTED
  }

  /** It arrives in another form. */
  public static Verdict normalised(String rule) {
    return new Verdict(Grade.NORMALISED, rule);
  }

  /** A policy let it in. */
  static Verdict chosen(PolicyKind kind) {
    return new Verdict(Grade.CHOSEN, "policy-" + kind.word());
  }

  /** It does not arrive. */
  public static Verdict rejected(String rule) {
    return new Verdict(Grade.REJECTED, rule);
  }

  public boolean rejected() {
    return grade == Grade.REJECTED;
  }
}
