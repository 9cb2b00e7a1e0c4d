package dev.wharfinger.operator.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long after its slot an instance's backup begins, so that a fleet with one schedule does not
 * begin at once. The same for all slots of an instance: their order stays, and so does the time
 * between them.
 */
public final class Jitter {
  private static final Duration MOST = Duration.ofMinutes(10);
  private static final int PART = 10;

  private Jitter() {}

  /**
   * Of this instance.
   *
   * @param uid of the resource
   * @param asked the most it may be; null for a tenth of the time between two slots and 10 min at
   *     most
   * @return from zero up to and without the most, in whole seconds
   * @throws ScheduleException where the next slot would come before the backup of the one before
   */
  public static Duration of(String uid, @Nullable Duration asked, Schedule schedule) {
    Duration shortest = schedule.shortest();
    if (asked != null && (asked.isNegative() || asked.compareTo(shortest) > 0)) {
      throw new ScheduleException(
          "jitter",
          "%s is not between zero and %s, the least time between two backups: choose less"
              .formatted(Span.text(asked), Span.text(shortest)));
    }
    Duration tenth = shortest.dividedBy(PART);
    Duration usual = tenth.compareTo(MOST) < 0 ? tenth : MOST;
    long seconds = (asked == null ? usual : asked).toSeconds();
    return seconds == 0
        ? Duration.ZERO
        : Duration.ofSeconds(Long.remainderUnsigned(hash(uid), seconds));
  }

  private static long hash(String uid) {
    try {
      return ByteBuffer.wrap(
              MessageDigest.getInstance("SHA-256").digest(uid.getBytes(StandardCharsets.UTF_8)))
          .getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
