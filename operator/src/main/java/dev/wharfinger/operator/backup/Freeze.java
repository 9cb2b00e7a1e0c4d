package dev.wharfinger.operator.backup;

/** Why nothing may be deleted at present. */
public enum Freeze {
  /** No good backup is new enough: the old ones may be all there will ever be. */
  UNHEALTHY,
  /** The target holds what somebody else wrote, or nobody can tell. */
  LINEAGE_CONFLICT,
  /** The target shows much less than it did. */
  TARGET_SHRANK,
  /** The clock differs from the cluster's. */
  CLOCK_SKEWED
}
