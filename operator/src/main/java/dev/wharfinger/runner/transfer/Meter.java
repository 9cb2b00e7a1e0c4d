package dev.wharfinger.runner.transfer;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts rows and tells about them now and then. */
public final class Meter {
  private static final long INTERVAL_NANOS = 500_000_000L;
  private final Progress progress;
  private final Map<String, Long> millis = new LinkedHashMap<>();
  private long phaseBegun = System.nanoTime();
  private long total;
  private String phase = "planning";
  private long rows;
  private long told = System.nanoTime();

  /** A meter at 0. */
  public Meter(Progress progress) {
    this.progress = progress;
  }

  public void total(long rowsInAll) {
    total = rowsInAll;
  }

  /** Begins a phase in which rows are counted from 0. */
  public void phase(String name) {
    phase(name, 0);
  }

  /** Begins a phase some of whose rows were done in an earlier run, which says nothing of now. */
  void phase(String name, long done) {
    turn(name);
    rows = done;
    tell();
  }

  /** Begins a phase after all rows, in which none are counted. */
  public void closing(String name) {
    turn(name);
    rows = total;
    tell();
  }

  private void turn(String name) {
    long now = System.nanoTime();
    millis.merge(phase, (now - phaseBegun) / 1_000_000, Long::sum);
    phaseBegun = now;
    phase = name;
  }

  /** How long each phase took up to now. */
  public Map<String, Long> millis() {
    turn(phase);
    return millis;
  }

  /** Counts rows of several threads, many at once. */
  synchronized void addMany(long more) {
    rows += more;
    if (System.nanoTime() - told > INTERVAL_NANOS) {
      tell();
    }
  }

  public void add(long more) {
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
