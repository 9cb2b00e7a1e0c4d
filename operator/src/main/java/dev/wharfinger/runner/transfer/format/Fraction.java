package dev.wharfinger.runner.transfer.format;

/** How the fraction of a second is written. */
enum Fraction {
  /** Always so many digits. */
  MICROS(":SS.ffffff", 6, 6, 1),
  MILLIS(":SS.fff", 3, 3, 1),
  NANOS(":SS.fffffffff", 9, 9, 1),
  /** Without zeros at the end, and without the point where nothing follows. */
  TRIMMED(":SS[.f]", 0, 6, 1),
  /** No digits, three or six, as many as there must be. */
  GROUPS(":SS[.fff]", 0, 6, 3),
  /** No digits or six. */
  ALL_OR_NONE(":SS[.ffffff]", 0, 6, 6),
  /** No digits or seven, as .NET has them. */
  NONE_OR_TICKS(":SS[.fffffff]", 0, 7, 7),
  NONE(":SS", 0, 0, 1),
  /** Not even seconds. */
  NO_SECONDS("", 0, 0, 1);

  final String pattern;
  private final int least;
  private final int most;
  private final int step;

  Fraction(String pattern, int least, int most, int step) {
    this.pattern = pattern;
    this.least = least;
    this.most = most;
    this.step = step;
  }

  /**
   * Writes seconds and fraction.
   *
   * @param micros since the full minute
   * @return whether all digits have a place
   */
  boolean write(StringBuilder out, int micros) {
    if (this == NO_SECONDS) {
      return micros == 0;
    }
    out.append(':');
    TimeFormat.two(out, micros / 1_000_000);
    int fraction = micros % 1_000_000;
    int needed = 6;
    for (int rest = fraction; needed > 0 && rest % 10 == 0; rest /= 10) {
      needed--;
    }
    int digits = Math.max(least, (needed + step - 1) / step * step);
    if (digits > most) {
      return false;
    }
    if (digits > 0) {
      out.append('.');
      int place = 100_000;
      for (int i = 0; i < digits; i++, place /= 10) {
        out.append(place == 0 ? '0' : (char) ('0' + fraction / place % 10));
      }
    }
    return true;
  }
}
