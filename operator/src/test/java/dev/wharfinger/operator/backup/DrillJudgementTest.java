package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.job.DrillDecision;
import dev.wharfinger.operator.job.DrillReport;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a drill has ended with, by its Job and by what the runner has said. */
class DrillJudgementTest {
  private static final DrillDecision DECISION =
      new DrillDecision("notes-1", "uid", "2026-11-22T03:30:00Z", "word", "2026-11-22T02:00:00Z");

  @Test
  void aJobThatEndedWellHasProvenTheSetThoughItsWordsAreGone() {
    assertThat(of(job("Complete", ""), null, ""))
        .isEqualTo(
            new DrillResult("uid", "2026-11-22T03:30:00Z", "word", 20L, 5400L, "Proven", null, ""));
    assertThat(
            of(
                job("Failed", "DeadlineExceeded"),
                new DrillReport("proven", "", "m", 7L, 5410L),
                ""))
        .returns("Proven", DrillResult::outcome)
        .returns(7L, DrillResult::seconds)
        .returns(5410L, DrillResult::dataAge);
  }

  @Test
  void whatIsRefusedSpeaksOfTheSetAndWhatFailsDoesNot() {
    DrillResult refused =
        of(
            job("Failed", "PodFailurePolicy"),
            new DrillReport("refused", "set-damaged", "an object is not as written", null, null),
            "");
    assertThat(refused)
        .returns("Failed", DrillResult::outcome)
        .returns("set-damaged", DrillResult::reason)
        .returns("an object is not as written", DrillResult::message);
    assertThat(
            of(
                    job("Failed", "BackoffLimitExceeded"),
                    new DrillReport("failed", "storage", "the target hung up", null, null),
                    "")
                .message())
        .startsWith("the target hung up; ")
        .endsWith("nothing is known of the set");
  }

  @Test
  void withoutAWordItIsSaidWhatMayHaveBeen() {
    assertThat(of(job("Failed", "DeadlineExceeded"), null, "").message())
        .contains("three times backup.timeout");
    assertThat(of(job("Failed", "BackoffLimitExceeded"), null, "Evicted"))
        .returns(null, DrillResult::reason)
        .returns(true, r -> r.message().contains("backup.drill.sizeLimit"))
        .returns(true, r -> r.message().endsWith(": Evicted"));
  }

  @Test
  void anOlderDrillIsToldByAYoungerOneButNotByAClockGoneWrong() {
    DrillResult known = of(job("Complete", ""), null, "");
    Instant began = known.began();
    assertThat(known.covers(began, began)).isTrue();
    assertThat(known.covers(began.minusSeconds(1), began)).isTrue();
    assertThat(known.covers(began.plusSeconds(1), began)).isFalse();
    assertThat(known.covers(began.minusSeconds(1), began.minus(Duration.ofDays(2)))).isFalse();
    assertThat(DrillResult.believed(began, began.minus(Duration.ofDays(1)))).isTrue();
  }

  private static DrillResult of(Job job, @Nullable DrillReport report, String words) {
    return DrillJudgement.of(job, DECISION, report, words);
  }

  private static Job job(String condition, String reason) {
    return new JobBuilder()
        .withNewStatus()
        .withStartTime("2026-11-22T03:30:05Z")
        .withCompletionTime("2026-11-22T03:30:25Z")
        .addNewCondition()
        .withType(condition)
        .withStatus("True")
        .withReason(reason)
        .endCondition()
        .endStatus()
        .build();
  }
}
