package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The steps of a restore over data that are there, in order; the last four are ends. */
public enum RestorePhase {
  /** It is not known yet what would be restored; the condition says why. */
  @JsonProperty("Pending")
  PENDING("Pending"),
  /** The plan stands in the status, and a person has to say that it is meant. */
  @JsonProperty("AwaitingConfirmation")
  AWAITING_CONFIRMATION("AwaitingConfirmation"),
  /** A backup of what is there is made first; the application runs. */
  @JsonProperty("BackingUp")
  BACKING_UP("BackingUp"),
  /** Consumers go to zero. From here the application does not write. */
  @JsonProperty("Fenced")
  FENCED("Fenced"),
  /** The set is made and checked beside the data, which are as they were. */
  @JsonProperty("Restoring")
  RESTORING("Restoring"),
  /** What was restored takes the place of the data. From here there is only forward. */
  @JsonProperty("Swapping")
  SWAPPING("Swapping"),
  /** It is given up before anything was swapped; consumers come back. */
  @JsonProperty("RollingBack")
  ROLLING_BACK("RollingBack"),
  /** The application has what was restored. */
  @JsonProperty("Done")
  DONE("Done"),
  /** A dry run ended: the status has the plan. */
  @JsonProperty("Planned")
  PLANNED("Planned"),
  /** Taken back: the data are as they were. */
  @JsonProperty("RolledBack")
  ROLLED_BACK("RolledBack"),
  /** Refused or failed: the data are as they were. */
  @JsonProperty("Failed")
  FAILED("Failed");

  private final String value;

  RestorePhase(String value) {
    this.value = value;
  }

  /** The word used in YAML. */
  public String value() {
    return value;
  }

  /** Whether nothing more will happen. */
  public boolean ended() {
    return compareTo(DONE) >= 0;
  }
}
