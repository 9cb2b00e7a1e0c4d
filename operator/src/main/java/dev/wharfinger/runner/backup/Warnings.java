package dev.wharfinger.runner.backup;

import java.util.ArrayList;
import java.util.List;

/** What somebody should know of a set that is good nevertheless. */
public final class Warnings {
  private static final int MOST_NAMES = 20;

  /**
   * One of them.
   *
   * @param code one of {@code docs/backup-command.md}
   * @param detail for people
   */
  public record Warning(String code, String detail) {}

  private final List<Warning> all = new ArrayList<>();

  /** Adds one. */
  public void add(String code, String detail) {
    all.add(new Warning(code, detail));
  }

  /** Adds one that names things, if there are any. */
  public void names(String code, String detail, List<String> names) {
    if (!names.isEmpty()) {
      String more = names.size() > MOST_NAMES ? ", and " + (names.size() - MOST_NAMES) : "";
      add(
          code,
          detail + ": " + String.join(", ", names.stream().limit(MOST_NAMES).toList()) + more);
    }
  }

  /** All of them, in the order they were met. */
  public List<Warning> all() {
    return all;
  }
}
