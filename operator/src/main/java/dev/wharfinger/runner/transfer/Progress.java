package dev.wharfinger.runner.transfer;

/** Hears how far a transfer is. */
@FunctionalInterface
public interface Progress {
  /**
   * Called at a change of phase and about twice a second.
   *
   * @param phase snapshot, planning, rehearsing, copying, indexing, verifying or committing
   * @param rows rows done in this phase
   * @param totalRows rows in all
   */
  void at(String phase, long rows, long totalRows);
}
