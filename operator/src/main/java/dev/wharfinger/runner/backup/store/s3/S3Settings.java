package dev.wharfinger.runner.backup.store.s3;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is reached.
 *
 * @param endpoint {@code http} or {@code https}, host and port; null for that of AWS
 * @param region what requests are signed for
 * @param pathStyle whether the bucket stands in the path and not in the host's name
 * @param authorities a PEM file with those that are trusted; null for the system's
 * @param keys what requests are signed with
 * @param partBytes how much of an object is held in memory and sent at a time
 */
public record S3Settings(
    @Nullable URI endpoint,
    String region,
    boolean pathStyle,
    @Nullable Path authorities,
    S3Keys.Source keys,
    int partBytes) {
  /** What is sent at a time, in bytes, unless it is said otherwise. */
  public static final int PART = 16 << 20;

  /** The least that stores take for a part. */
  public static final int LEAST_PART = 5 << 20;

  /** The most for which the runner's memory is enough. */
  public static final int MOST_PART = 64 << 20;

  /** For people. */
  String place() {
    return endpoint == null ? "AWS in " + region : endpoint.toString();
  }

  /** Whether it is the service whose habits the client's library follows by itself. */
  boolean amazon() {
    return endpoint == null
        || String.valueOf(endpoint.getHost()).matches(".*\\.amazonaws\\.com(\\.cn)?");
  }
}
