package dev.wharfinger.runner.transfer;

/** Counts rows and tells about them now and then. */
final class Meter {
  private static final long INTERVAL_NANOS = 500_000_000L;
  private final Progress progress;
  private long total;
  private String phase = "planning";
  private long rows;
  private long told = System.nanoTime();

  Meter(Progress progress) {
    this.progress = progress;
  }

  void total(long rowsInAll) {
    total = rowsInAll;
  }

  /** Begins a phase in which rows are counted from 0. */
  void phase(String name) {
    phase = name;
    rows = 0;
    tell();
  }

  /** Begins a phase after all rows, in which none are counted. */
  void closing(String name) {
    phase = name;
    rows = total;
    tell();
  }

  void add(long more) {
    rows += more;
    if ((rows & 0x3ff) == 0 && System.nanoTime() - told > INTERVAL_NANOS) {
      tell();
    }
  }

  private void tell() {
    told = System.nanoTime();
    progress.at(phase, rows, total);
  }
}
