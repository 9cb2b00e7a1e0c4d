package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Annotations;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a schema is read again that is not as expected: the longer that lasts, the more rarely.
 * Every Job has it written down, so that neither a restart nor a wiped status begins anew; another
 * pod of the application does, as it may bring another schema.
 *
 * @param turn which reading it is
 * @param pause how long after this one there is none
 * @param again when that is over, by the operator's clock
 * @param pods hash of the application's pods
 */
record Reading(int turn, Duration pause, Instant again, String pods) {
  static final Duration SHORTEST = Duration.ofSeconds(25);
  static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9}) (\\S+) (\\S+) (\\S+)");

  /** Of the first one of all. */
  static Reading first(Instant now, String pods) {
    return of(1, SHORTEST, now, pods);
  }

  /** Of a Job; where that is spoiled it counts for little. */
  static Reading of(Job job) {
    Matcher text =
        TEXT.matcher(Objects.requireNonNullElse(Annotations.get(job, Annotations.READING), ""));
    if (text.matches()) {
      try {
        Reading read =
            new Reading(
                Integer.parseInt(text.group(1)),
                Duration.parse(text.group(2)),
                Instant.parse(text.group(3)),
                text.group(4));
        if (read.pause.compareTo(SHORTEST) >= 0 && read.pause.compareTo(LONGEST) <= 0) {
          return read;
        }
      } catch (DateTimeParseException e) {
        // Said below.
      }
    }
    return of(0, SHORTEST, Instant.parse(job.getMetadata().getCreationTimestamp()), "");
  }

  private static Reading of(int turn, Duration pause, Instant now, String pods) {
    Instant made = now.truncatedTo(ChronoUnit.SECONDS);
    return new Reading(turn, pause, made.plus(pause), pods);
  }

  /** Of the one after this. */
  Reading next(Instant now, String seen) {
    Duration longer = pods.equals(seen) ? pause.plus(pause.dividedBy(4)) : SHORTEST;
    return of(turn + 1, longer.compareTo(LONGEST) > 0 ? LONGEST : longer, now, seen);
  }

  /** Whether its time has come. */
  boolean due(Instant now, String seen) {
    Instant made = again.minus(pause);
    return !now.isBefore(pods.equals(seen) ? again : made.plus(SHORTEST))
        // The clock was set back.
        || now.isBefore(made);
  }

  /** For the annotation. */
  String text() {
    return turn + " " + pause + " " + again + " " + pods;
  }
}
