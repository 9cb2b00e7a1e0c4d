package dev.wharfinger.operator.job;

/** What a Job of a restore does. */
public enum RestoreRole {
  /** Makes and checks the set beside the data. */
  STAGE("stage"),
  /** Puts it in their place. */
  SWAP("swap");

  private final String word;

  RestoreRole(String word) {
    this.word = word;
  }

  /** The end of the Job's name. */
  public String word() {
    return word;
  }
}
