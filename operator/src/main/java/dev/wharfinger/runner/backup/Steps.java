package dev.wharfinger.runner.backup;

/** Gets to know what is being done. */
public interface Steps {
  /**
   * Called at the beginning of each step.
   *
   * @param step a word for programs
   * @param detail for people; may be empty
   */
  void at(String step, String detail);
}
