package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The steps of a move, in order; the last four are ends. */
public enum MigrationPhase {
  /** Seen, nothing done. */
  @JsonProperty("Requested")
  REQUESTED("Requested"),
  /** The target and its schema are made, every value is tried; the application runs. */
  @JsonProperty("Preflight")
  PREFLIGHT("Preflight"),
  /** Consumers go to zero. From here the application does not write. */
  @JsonProperty("Fenced")
  FENCED("Fenced"),
  /**
   * The source is locked and a verified snapshot is taken, copied and compared, in one transaction.
   */
  @JsonProperty("Copying")
  COPYING("Copying"),
  /** The marker is committed with the data. From here there is only forward. */
  @JsonProperty("Committed")
  COMMITTED("Committed"),
  /** The binding points to the new backend; consumers come back. */
  @JsonProperty("Switched")
  SWITCHED("Switched"),
  /** The move is being taken back: it is made certain that nothing can commit any more. */
  @JsonProperty("RollingBack")
  ROLLING_BACK("RollingBack"),
  /** The application runs on the new backend. */
  @JsonProperty("Done")
  DONE("Done"),
  /** A dry run ended: the data can be moved. */
  @JsonProperty("Planned")
  PLANNED("Planned"),
  /** Taken back: the application runs on the old backend. */
  @JsonProperty("RolledBack")
  ROLLED_BACK("RolledBack"),
  /** Refused or failed: the application runs on the old backend. */
  @JsonProperty("Failed")
  FAILED("Failed");

  private final String value;

  MigrationPhase(String value) {
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
