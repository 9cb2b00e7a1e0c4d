package dev.wharfinger.runner;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * How fast rows go in the phase at hand, and how long it will take at this rate. What was long ago
 * counts less and less, so that a few large rows say no more than they are.
 */
final class Rate {
  private static final double SECOND = 1e9;

  /** After so many seconds a change is mostly believed. */
  private static final double MEMORY = 10;

  private final LongSupplier nanos;
  private String phase = "";
  private long phaseBegun;
  private long seen;
  private long seenRows;
  private double perSecond;
  private long left;

  Rate(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Hears how far it is; says whether a new phase has begun. */
  boolean at(String now, long rows, long total) {
    long time = nanos.getAsLong();
    boolean turned = !now.equals(phase);
    if (turned) {
      phase = now;
      phaseBegun = time;
      seen = time;
      seenRows = rows;
      perSecond = 0;
    }
    double took = (time - seen) / SECOND;
    if (took > 0 && time - phaseBegun >= SECOND) {
      double last = (rows - seenRows) / took;
      double weight = perSecond == 0 ? 1 : 1 - Math.exp(-took / MEMORY);
      perSecond += (last - perSecond) * weight;
      seen = time;
      seenRows = rows;
    }
    left = total - rows;
    return turned;
  }

  /** Empty where it is not known yet, or nothing is left. */
  OptionalLong rowsPerSecond() {
    return left > 0 && perSecond >= 1
        ? OptionalLong.of(Math.round(perSecond))
        : OptionalLong.empty();
  }

  /** Seconds to the end of the phase; empty where it is not known yet, or nothing is left. */
  OptionalLong remainingSeconds() {
    return rowsPerSecond().isPresent()
        ? OptionalLong.of(Math.round(left / perSecond))
        : OptionalLong.empty();
  }
}
