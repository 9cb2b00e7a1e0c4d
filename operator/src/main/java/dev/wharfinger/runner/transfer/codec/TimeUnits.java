package dev.wharfinger.runner.transfer.codec;

/** What an encoder takes the numbers of its column for. */
@FunctionalInterface
public interface TimeUnits {
  /** The unit, for people. */
  String unitName();
}
