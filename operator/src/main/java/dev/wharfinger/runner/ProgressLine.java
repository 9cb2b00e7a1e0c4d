package dev.wharfinger.runner;

import dev.wharfinger.runner.transfer.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Progress for people: how much, how fast, and how long it will take at this rate. */
final class ProgressLine implements Progress {
  private final PrintStream out;
  private final boolean terminal;
  private final Rate rate;
  private boolean begun;

  /**
   * A line for {@code out}.
   *
   * @param terminal whether a line can be written over
   * @param nanos a clock
   */
  ProgressLine(PrintStream out, boolean terminal, LongSupplier nanos) {
    this.out = out;
    this.terminal = terminal;
    this.rate = new Rate(nanos);
  }

  static ProgressLine onStandardError() {
    boolean terminal = System.console() != null && System.console().isTerminal();
    return new ProgressLine(System.err, terminal, System::nanoTime);
  }

  @Override
  public void at(String now, long rows, long totalRows) {
    if (rate.at(now, rows, totalRows)) {
      out.print(terminal && begun ? "\n" : "");
      begun = true;
    }
    String text = "%s: %d of %d rows".formatted(now, rows, totalRows) + figures(rows, totalRows);
    // To the end of the line: what is written over may have been longer.
    out.print(terminal ? "\r" + text + "\u001b[K" : text + System.lineSeparator());
    out.flush();
  }

  private String figures(long rows, long total) {
    if (total == 0) {
      return "";
    }
    String percent = ", %d %%".formatted(Math.min(100, 100 * rows / total));
    if (rate.rowsPerSecond().isEmpty()) {
      return percent;
    }
    long left = rate.remainingSeconds().orElse(0);
    return percent
        + String.format(
            Locale.ROOT,
            ", %d rows/s, %d:%02d left",
            rate.rowsPerSecond().getAsLong(),
            left / 60,
            left % 60);
  }
}
