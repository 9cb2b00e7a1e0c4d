package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.DrillStage;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of drills outlives the operator and the status. */
class DrillCrashIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private Stage stage;
  private DrillStage drills;

  @BeforeEach
  void open() {
    stage = Stage.open("drill-crash");
    drills = new DrillStage(stage, new BackupStage(stage));
    drills.secret("age", "identity");
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void T04_anOperatorThatDiesAtAnyWriteOfADrillTellsItsEndOnce() {
    drills.instance("dies", "{suspend: true, identitySecretRef: {name: age}}");
    drills.backup("dies-one", "dies");
    List<String> writes =
        List.of(
            "POST /apis/batch/v1/namespaces/%s/jobs",
            "PATCH /apis/wharfinger.dev/v1alpha1/namespaces/%s/storagebackups/dies-one",
            "/namespaces/%s/storageinstances/dies/status",
            "DELETE /apis/batch/v1/namespaces/%s/jobs");
    for (String path : writes) {
      String write = path.formatted(stage.namespace());
      AtomicBoolean died = new AtomicBoolean();
      Instant before = Instant.now();
      stage
          .operator()
          .writes()
          .justBefore(
              write,
              () -> {
                died.set(true);
                throw new IllegalStateException("killed at " + write);
              });
      drills.ask("dies", path.replaceAll("[^A-Za-z]", ""));
      drills.proves(drills.job("dies"));
      await("died at " + write).atMost(PATIENCE).untilTrue(died);
      await("told")
          .atMost(PATIENCE)
          .until(() -> {
            BackupOverview.LastDrill last = drills.overview("dies").lastDrill();
            return last != null && !Instant.parse(last.at()).isBefore(before);
          });
      stage.awaitRest();
      assertThat(drills.running("dies")).as(write).isEmpty();
    }

    BackupOverview.LastDrill told = drills.last("dies");
    stage.stop();
    stage
        .client()
        .resources(StorageInstance.class)
        .inNamespace(stage.namespace())
        .withName("dies")
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
    stage.restart();
    stage.awaitReady("dies");
    assertThat(drills.last("dies")).isEqualTo(told);
    assertThat(drills.running("dies")).isEmpty();

    // Who deletes the record deletes what was known of its set.
    stage.client().resource(stage.get(StorageBackup.class, "dies-one")).delete();
    drills.await("dies", "Unknown", "NeverDrilled");
    await("its Job goes").atMost(PATIENCE).until(() -> drills.of("dies").isEmpty());
    assertThat(drills.overview("dies").lastDrill()).isNull();
  }
}
