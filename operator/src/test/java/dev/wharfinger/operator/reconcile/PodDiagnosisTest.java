package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodDiagnosisTest {
  private static PodBuilder pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("shop-postgresql-0")
        .addToLabels("role", "server")
        .endMetadata();
  }

  private static Optional<StepResult> diagnose(Pod pod) {
    return PodDiagnosis.of(List.of(pod), "role", "server");
  }

  @ParameterizedTest
  @CsvSource({"65, DataMissing", "66, ForeignVolume", "67, MajorVersionMismatch"})
  void theInitScriptsExitCodeIsTheReason(int code, String reason) {
    Pod pod =
        pod()
            .withNewStatus()
            .addNewInitContainerStatus()
            .withNewState()
            .withNewTerminated()
            .withExitCode(code)
            .withMessage("what it said\n")
            .endTerminated()
            .endState()
            .endInitContainerStatus()
            .endStatus()
            .build();
    assertThat(diagnose(pod))
        .get()
        .isInstanceOfSatisfying(
            StepResult.Stop.class,
            stop -> {
              assertThat(stop.reason()).isEqualTo(reason);
              assertThat(stop.message()).startsWith("what it said; ");
            });
  }

  @Test
  void whileItBacksOffTheLastExitCounts() {
    Pod pod =
        pod()
            .withNewStatus()
            .addNewInitContainerStatus()
            .withNewState()
            .withNewWaiting("", "CrashLoopBackOff")
            .endState()
            .withNewLastState()
            .withNewTerminated()
            .withExitCode(65)
            .endTerminated()
            .endLastState()
            .endInitContainerStatus()
            .endStatus()
            .build();
    assertThat(diagnose(pod)).get().isInstanceOf(StepResult.Stop.class);
  }

  @Test
  void OXY_06_OXY_25_anImageThatCannotBePulledIsNamed() {
    Pod pod =
        pod()
            .withNewStatus()
            .addNewContainerStatus()
            .withImage("registry.example/postgres:17")
            .withNewState()
            .withNewWaiting("", "ImagePullBackOff")
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
    assertThat(diagnose(pod))
        .get()
        .isInstanceOfSatisfying(
            StepResult.Wait.class,
            wait -> {
              assertThat(wait.reason()).isEqualTo("ImagePullFailed");
              assertThat(wait.message()).contains("registry.example/postgres:17");
            });
  }

  @Test
  void OXY_30_aServerThatEndsAgainAndAgainSaysWhy() {
    Pod pod =
        pod()
            .withNewStatus()
            .addNewContainerStatus()
            .withNewState()
            .withNewWaiting("", "CrashLoopBackOff")
            .endState()
            .withNewLastState()
            .withNewTerminated()
            .withReason("Error")
            .withExitCode(1)
            .withMessage(
                """
                2026-08-01 10:00:00 UTC [7] ERROR:  duplicate key value violates unique constraint
                2026-08-01 10:00:00 UTC [7] DETAIL:  Key (email)=(zoe@example.com) already exists.
                2026-08-01 10:00:00 UTC [7] STATEMENT:  INSERT INTO person
                \tVALUES ('zoe@example.com')
                FATAL: invalid value for parameter "shared_buffers": "lots"
                """)
            .endTerminated()
            .endLastState()
            .endContainerStatus()
            .endStatus()
            .build();
    assertThat(diagnose(pod))
        .contains(
            StepResult.waiting(
                "ServerCrashing",
                "pod shop-postgresql-0 ends again and again (Error, exit code 1): FATAL: invalid value for parameter"
                    + " \"shared_buffers\": \"lots\"; check postgresql.parameters and postgresql.resources"));
  }

  @Test
  void OXY_30_aServerThatFindsNoRoomIsToldFromOneThatCannotReadItsSettings() {
    Pod pod =
        pod()
            .withNewStatus()
            .addNewContainerStatus()
            .withNewState()
            .withNewWaiting("", "CrashLoopBackOff")
            .endState()
            .withNewLastState()
            .withNewTerminated()
            .withReason("Error")
            .withExitCode(1)
            .withMessage(
                "FATAL:  could not write lock file \"postmaster.pid\": No space left on device\n")
            .endTerminated()
            .endLastState()
            .endContainerStatus()
            .endStatus()
            .build();
    assertThat(diagnose(pod).map(StepResult::words).orElseThrow())
        .contains("No space left", "raise storage.size")
        .doesNotContain("parameters");
    assertThat(diagnose(pod)).get().hasFieldOrPropertyWithValue("reason", "DiskFull");
  }

  /** What it means is tried with a damaged server in {@code ServerInitIT}. */
  @Test
  void OXY_30_damagedDataAreForAPersonAndASettingIsNotBlamed() {
    Pod pod =
        pod()
            .withNewStatus()
            .addNewContainerStatus()
            .withNewState()
            .withNewWaiting("", "CrashLoopBackOff")
            .endState()
            .withNewLastState()
            .withNewTerminated()
            .withReason("Error")
            .withExitCode(1)
            .withMessage(
                """
                2026-08-01 10:00:00 UTC [7] LOG:  invalid primary checkpoint record
                2026-08-01 10:00:00 UTC [7] PANIC:  could not locate a valid checkpoint record
                """)
            .endTerminated()
            .endLastState()
            .endContainerStatus()
            .endStatus()
            .build();
    assertThat(diagnose(pod))
        .get()
        .isInstanceOfSatisfying(
            StepResult.Stop.class,
            stop -> {
              assertThat(stop.reason()).isEqualTo("DataCorrupted");
              assertThat(stop.message())
                  .contains("PANIC:  could not locate a valid checkpoint record", "snapshot")
                  .doesNotContain("parameters");
            });
  }

  @Test
  void OXY_25_aPodWithoutANode() {
    Pod pod =
        pod()
            .withNewStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withMessage("0/1 nodes are available")
            .endCondition()
            .endStatus()
            .build();
    assertThat(diagnose(pod))
        .contains(
            StepResult.waiting(
                "Unschedulable", "pod shop-postgresql-0 has no node: 0/1 nodes are available"));
  }

  @Test
  void nothingKnownAndPodsOfOthers() {
    assertThat(diagnose(pod().build())).isEmpty();
    assertThat(PodDiagnosis.of(List.of(pod().build()), "role", "other")).isEmpty();
    assertThat(PodDiagnosis.lastWords(List.of(), "role", "server"))
        .isEqualTo("see the log of its pod");
  }
}
