package dev.wharfinger.operator.backup;

import dev.wharfinger.operator.job.DrillDecision;
import dev.wharfinger.operator.job.DrillReport;
import dev.wharfinger.operator.job.JobOutcome;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** How a drill ended, judged by its Job and by what the runner has said. */
public final class DrillJudgement {
  private DrillJudgement() {}

  /**
   * The end of a Job that has ended.
   *
   * @param report what a pod of it has said; null where that is not known
   * @param words what its youngest pod has said instead, without secrets; empty where nothing is
   *     known
   */
  public static DrillResult of(
      Job job, DrillDecision decision, @Nullable DrillReport report, String words) {
    boolean proven = JobOutcome.of(job) == JobOutcome.COMPLETE || report != null && report.proven();
    return new DrillResult(
        decision.of(),
        decision.at(),
        decision.word(),
        report == null || report.seconds() == null ? seconds(job) : report.seconds(),
        report == null || report.dataAge() == null ? dataAge(decision) : report.dataAge(),
        proven ? DrillResult.PROVEN : DrillResult.FAILED,
        proven || report == null || report.reason().isEmpty() ? null : report.reason(),
        proven ? "" : message(job, report, words));
  }

  private static String message(Job job, @Nullable DrillReport report, String words) {
    if (report != null) {
      return report.outcome().equals("refused")
          ? report.message()
          : report.message() + "; it could not be tried, and nothing is known of the set";
    }
    String said = words.isEmpty() ? "" : ": " + words;
    return hasCondition(job, "DeadlineExceeded")
        ? "it did not end within three times backup.timeout, and nothing is known of the set" + said
        : "its pods ended without a word of the runner, as where they need more room than"
            + " backup.drill.sizeLimit, and nothing is known of the set"
            + said;
  }

  private static boolean hasCondition(Job job, String reason) {
    return job.getStatus() != null
        && job.getStatus().getConditions() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(c -> "Failed".equals(c.getType()) && reason.equals(c.getReason()));
  }

  private static @Nullable Long seconds(Job job) {
    Instant began = job.getStatus() == null ? null : instant(job.getStatus().getStartTime());
    Instant ended = job.getStatus() == null ? null : instant(job.getStatus().getCompletionTime());
    return began == null || ended == null ? null : Duration.between(began, ended).toSeconds();
  }

  private static @Nullable Long dataAge(DrillDecision decision) {
    Instant read = instant(decision.consistentAt());
    return read == null ? null : Math.max(0, Duration.between(read, decision.began()).toSeconds());
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
