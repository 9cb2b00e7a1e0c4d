package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One look at a server that is served. It is written down on its Job, so that neither a restart nor
 * a wiped status begins anew.
 *
 * @param content hash of which server it is, and with which Secret
 * @param turn which look it is
 * @param failed how many looks before it, one after another, were not let in
 * @param made when it was begun, by the operator's clock
 */
record ConnectionLook(String content, int turn, int failed, Instant made) {
  /** After the first that is not let in: it may be mended at once. */
  static final Duration SOON = Duration.ofMinutes(1);

  private static final Pattern TEXT =
      Pattern.compile("([0-9a-f]{8}) ([0-9]{1,9}) ([0-9]{1,9}) (\\S+)");

  /** Beyond that every pause is as long as usual. */
  private static final int DOUBLINGS = 16;

  /** A pause is longer or shorter by at most a tenth: instances do not stay in step. */
  private static final int TENTH = 10;

  private static final int PERCENT = 100;
  private static final int HEX = 16;

  /** The first one of all. */
  static ConnectionLook first(String content, Instant now) {
    return new ConnectionLook(content, 1, 0, now.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Of a Job; null where that is spoiled. */
  static @Nullable ConnectionLook of(HasMetadata job) {
    Matcher text =
        TEXT.matcher(Objects.requireNonNullElse(Annotations.get(job, Annotations.CONNECTION), ""));
    if (!text.matches()) {
      return null;
    }
    try {
      return new ConnectionLook(
          text.group(1),
          Integer.parseInt(text.group(2)),
          Integer.parseInt(text.group(3)),
          Instant.parse(text.group(4)));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** The one after this. */
  ConnectionLook next(Instant now, boolean good) {
    return new ConnectionLook(
        content, turn + 1, good ? 0 : failed + 1, now.truncatedTo(ChronoUnit.SECONDS));
  }

  /**
   * When there is to be another.
   *
   * @param good whether it was let in
   * @param usual the pause after one that was
   */
  Instant again(boolean good, Duration usual) {
    Duration pause = SOON.multipliedBy(1L << Math.min(failed, DOUBLINGS));
    Duration chosen = good || pause.compareTo(usual) > 0 ? usual : pause;
    long percent = PERCENT - TENTH + share() % (2 * TENTH + 1);
    return made.plus(chosen.multipliedBy(percent).dividedBy(PERCENT));
  }

  /** Whether its time has come, or the clock was set back. */
  boolean due(Instant now, boolean good, Duration usual) {
    return !now.isBefore(again(good, usual)) || now.isBefore(made);
  }

  /** For the annotation. */
  String text() {
    return content + " " + turn + " " + failed + " " + made;
  }

  /** The same for everybody who asks, and another each turn. */
  private long share() {
    return Long.parseLong(Names.hash(content + " " + turn), HEX);
  }
}
