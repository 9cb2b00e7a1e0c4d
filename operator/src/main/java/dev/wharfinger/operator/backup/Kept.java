package dev.wharfinger.operator.backup;

/** Why a set is kept. */
public enum Kept {
  /** The newest good one, of all or of the present data's life. */
  NEWEST("the newest"),
  /** The newest that was restored to try it, of all or of the present data's life. */
  NEWEST_PROVEN("the newest that was proven by a restore"),
  /** Among the least number, however old. */
  MINIMUM("minimum"),
  /** Somebody said so. */
  HELD("held"),
  /** Something works with it or builds on it. */
  IN_USE("in use"),
  /** The newest of a former life, while the present one has nothing that is proven. */
  FORMER_LINEAGE("the newest from before, while nothing since is proven by a restore"),
  LAST("keepLast"),
  HOURLY("keepHourly"),
  DAILY("keepDaily"),
  WEEKLY("keepWeekly"),
  MONTHLY("keepMonthly"),
  /** Not counted until somebody has looked. */
  SUSPICIOUS("suspicious, until somebody has looked"),
  /** Not counted yet. */
  UNFINISHED("not finished"),
  /** There is nothing to delete; the record stays. */
  LOST("lost in the target"),
  /** Among the last failures, whose records are kept to be looked at. */
  RECENT_FAILURE("a recent failure"),
  /** Its data were read later than now: some clock is wrong, and nothing is concluded from it. */
  FUTURE("dated in the future"),
  /** It would go, but nothing goes at present. */
  FROZEN("nothing is deleted at present");

  private final String text;

  Kept(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }
}
