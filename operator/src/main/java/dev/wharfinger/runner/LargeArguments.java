package dev.wharfinger.runner;

import dev.wharfinger.runner.transfer.large.LargeOptions;

/** What the command line says about large databases. */
final class LargeArguments {
  private static final int MOST_WORKERS = 64;

  private LargeArguments() {}

  static LargeOptions of(Options options) {
    LargeOptions large = LargeOptions.AUTO;
    try {
      large = large.when(options.optional("--large").orElse("auto"));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return large.with(
        (int) number(options, "--workers", large.workers(), MOST_WORKERS),
        number(options, "--chunk-size", large.chunkBytes(), Long.MAX_VALUE));
  }

  private static long number(Options options, String name, long otherwise, long most) {
    try {
      long number = options.optional(name).map(Long::parseLong).orElse(otherwise);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // As any other that makes no sense.
    }
    throw new UsageException(name + " is a number from 1 on");
  }
}
