package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a backup is; the last three are ends. */
public enum BackupPhase {
  /** It waits; the condition says for what. Nothing was made. */
  @JsonProperty("Pending")
  PENDING("Pending"),
  /** Its Job is there. */
  @JsonProperty("Running")
  RUNNING("Running"),
  /** The set is there, and every byte of it was read back. */
  @JsonProperty("Completed")
  COMPLETED("Completed"),
  /** As Completed, but with so much less than the set before that somebody ought to look. */
  @JsonProperty("Suspicious")
  SUSPICIOUS("Suspicious"),
  /** There is no set, or nobody can tell. */
  @JsonProperty("Failed")
  FAILED("Failed");

  private final String value;

  BackupPhase(String value) {
    this.value = value;
  }

  /** The word used in YAML. */
  public String value() {
    return value;
  }

  /** Whether nothing more will happen. */
  public boolean ended() {
    return compareTo(COMPLETED) >= 0;
  }
}
