package dev.wharfinger.runner;

import dev.wharfinger.runner.transfer.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Progress for people: how much, how fast, and how long it will take at this rate. */
final class ProgressLine implements Progress {
  private static final long SECOND = 1_000_000_000L;
  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nanos;
  private String phase = "";
  private long begun;

  /**
   * A line for {@code out}.
   *
   * @param terminal whether a line can be written over
   * @param nanos a clock
   */
  ProgressLine(PrintStream out, boolean terminal, LongSupplier nanos) {
    this.out = out;
    this.terminal = terminal;
    this.nanos = nanos;
  }

  static ProgressLine onStandardError() {
    boolean terminal = System.console() != null && System.console().isTerminal();
    return new ProgressLine(System.err, terminal, System::nanoTime);
  }

  @Override
  public void at(String now, long rows, long totalRows) {
    boolean turned = !now.equals(phase);
    if (turned) {
      out.print(terminal && !phase.isEmpty() ? "\n" : "");
      phase = now;
      begun = nanos.getAsLong();
    }
    String text = "%s: %d of %d rows".formatted(now, rows, totalRows) + figures(rows, totalRows);
    // To the end of the line: what is written over may have been longer.
    out.print(terminal ? "\r" + text + "\u001b[K" : text + System.lineSeparator());
    out.flush();
  }

  private String figures(long rows, long total) {
    long took = nanos.getAsLong() - begun;
    if (total == 0) {
      return "";
    }
    String percent = ", %d %%".formatted(Math.min(100, 100 * rows / total));
    if (rows == 0 || rows >= total || took < SECOND) {
      return percent;
    }
    double rate = (double) rows * SECOND / took;
    long left = Math.round((total - rows) / rate);
    return percent
        + String.format(Locale.ROOT, ", %.0f rows/s, %d:%02d left", rate, left / 60, left % 60);
  }
}
