package dev.wharfinger.runner.transfer.large;

/**
 * When a transfer is done in chunks, and how.
 *
 * @param fromBytes size of the source from which on; 0 for any, {@link Long#MAX_VALUE} for none
 * @param workers how many chunks are copied at a time
 * @param chunkBytes about how much of a table is a chunk
 */
public record LargeOptions(long fromBytes, int workers, long chunkBytes) {
  /** From here on starting over would cost hours. */
  private static final long FROM_BYTES = 20_000_000_000L;

  /** What is lost at most when a worker dies. */
  public static final long CHUNK_BYTES = 64 << 20;

  private static final int MOST_WORKERS = 4;

  /** What holds where nothing is said. */
  public static final LargeOptions AUTO =
      new LargeOptions(
          FROM_BYTES,
          Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors()),
          CHUNK_BYTES);

  /**
   * The same for another choice of the command line.
   *
   * @throws IllegalArgumentException where there is no such choice
   */
  public LargeOptions when(String choice) {
    long bytes =
        switch (choice) {
          case "auto" -> FROM_BYTES;
          case "always" -> 0;
          case "never" -> Long.MAX_VALUE;
          default -> throw new IllegalArgumentException("--large is auto, always or never");
        };
    return new LargeOptions(bytes, workers, chunkBytes);
  }

  /** The same with other numbers. */
  public LargeOptions with(int otherWorkers, long otherChunkBytes) {
    return new LargeOptions(fromBytes, otherWorkers, otherChunkBytes);
  }
}
