package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.MoveStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.model.Volume;
import dev.wharfinger.testing.MoveStage;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application with more files than the one that moves. */
class SeveralFilesIT {
  private static final String SPEC =
      """
      {sqlite: {databases: [app.db, checkpoints.db], optionalDatabases: [checkpoints.db], %s
        storage: {size: 1Gi, storageClassName: growing}},
       backup: {schedule: "0 0 1 1 *", target: {persistentVolumeClaim: {size: 1Gi}}},
       binding: {env: {CHECKPOINTS: "{db.checkpoints.path}", MAIN: "{db.app.path}"}}}
      """;
  private static final String STAYS = "unmovedDatabases: [checkpoints.db],";

  @Test
  void PIP_05_noFileIsLeftBehindWithoutAWord() {
    try (MoveStage move = new MoveStage(SPEC.formatted(""))) {
      move.ask("PostgreSQL");
      assertThat(move.stage().awaitStalled("app", "SeveralDatabases"))
          .contains("takes app.db alone", "checkpoints.db", "sqlite.unmovedDatabases")
          .endsWith("set backend back to SQLite");
      move.stage().awaitRest();
      assertThat(
              move.stage()
                  .client()
                  .resources(StorageMigration.class)
                  .inNamespace(move.stage().namespace())
                  .list()
                  .getItems())
          .isEmpty();
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);

      move.stage()
          .merge(
              StorageInstance.class,
              "app",
              "{\"spec\":{\"sqlite\":{\"unmovedDatabases\":[\"checkpoints.db\"]}}}");
      move.begins(Backend.POSTGRESQL);
      move.job("preflight");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy", "rollback"})
  void PIP_05_whatNoMoveTakesAlongIsTheApplicationsOnBothBackends(String back) {
    try (MoveStage move = new MoveStage(SPEC.formatted(STAYS))) {
      assertThat(data(move, "CHECKPOINTS")).isEqualTo("/data/checkpoints.db");
      assertThat(health(move)).doesNotContain("checkpoints.db");

      move.ask("PostgreSQL");
      assertThat(arguments(move, "preflight"))
          .containsSubsequence("--from", "sqlite:////data/app.db")
          .noneMatch(a -> a.contains("checkpoints"));
      move.there();
      assertThat(data(move, "CHECKPOINTS")).isEqualTo("/data/checkpoints.db");
      assertThat(data(move, "MAIN")).isNull();
      eventually(
          () -> assertThat(health(move)).contains("checkpoints.db", "in no set of PostgreSQL"));
      grows(move);

      move.ask("SQLite", back);
      move.begins(Backend.SQLITE);
      move.job("preflight");
      if (back.equals("rollback")) {
        move.report("{\"compared\": true, \"tables\": []}");
      }
      move.complete("preflight");
      consent(move);
      assertThat(arguments(move, "transfer"))
          .containsSubsequence("--to", "sqlite:////data/app.db")
          .noneMatch(a -> a.contains("checkpoints"));
      move.transferRuns();
      move.awaitPhase(MigrationPhase.COPYING);
      move.transferReady();
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("SQLite"));
      move.awaitReplicas(2);
      move.transferGone();
      move.awaitPhase(MigrationPhase.DONE);
      move.stage().awaitReady("app");
      assertThat(data(move, "CHECKPOINTS")).isEqualTo("/data/checkpoints.db");
      assertThat(data(move, "MAIN")).isEqualTo("/data/app.db");
      eventually(() -> assertThat(health(move)).doesNotContain("checkpoints.db"));
    }
  }

  /** The file goes on growing after the move, and its volume with it. */
  private static void grows(MoveStage move) {
    move.stage()
        .merge(
            StorageInstance.class,
            "app",
            "{\"spec\":{\"sqlite\":{\"storage\":{\"size\":\"2Gi\"}}}}");
    eventually(() ->
        assertThat(
                Volume.requested(move.stage().get(PersistentVolumeClaim.class, "app-data"))
                    .toString())
            .isEqualTo("2Gi"));
  }

  private static void consent(MoveStage move) {
    move.stage()
        .merge(
            StorageInstance.class,
            "app",
            "{\"metadata\":{\"annotations\":{\"wharfinger.dev/accept-loss\":\"%s\"}}}"
                .formatted(move.migration().getMetadata().getUid()));
  }

  private static List<String> arguments(MoveStage move, String role) {
    return move.job(role).getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs();
  }

  private static String health(MoveStage move) {
    Condition health = Stage.condition(move.stage().instance("app"), "BackupHealthy");
    return Objects.requireNonNull(health, "BackupHealthy").getMessage();
  }

  private static @Nullable String data(MoveStage move, String key) {
    String value = move.stage().get(Secret.class, "app-binding").getData().get(key);
    return value == null
        ? null
        : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }
}
