package dev.wharfinger.operator.backup;

/** Why a set goes. */
public enum Gone {
  /** No rule keeps it. */
  SURPLUS("no rule keeps it"),
  /** Older than {@code maxAge}. */
  TOO_OLD("older than maxAge"),
  /** A record of a failure with newer ones beside it. There is no backup behind it. */
  OLD_FAILURE("an old failure"),
  /** Its deletion was begun; the rest of it is of no use. */
  BEGUN("its deletion was begun");

  private final String text;

  Gone(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }
}
