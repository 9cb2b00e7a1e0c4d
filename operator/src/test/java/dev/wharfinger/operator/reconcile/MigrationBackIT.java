package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.MoveStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.testing.MoveStage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From PostgreSQL to SQLite, with the same states as the other way. */
class MigrationBackIT {
  private static final String DATA = "app-data";
  private static final String SERVER = "data-app-postgresql-0";

  /** At {@code crashAt} the operator dies and the status is lost; 0 is the walk without a crash. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void T06_T13_walksBackWhateverHappensToOperatorAndStatus(int crashAt) {
    try (MoveStage move = new MoveStage()) {
      move.there();
      move.ask("SQLite");
      move.begins(Backend.SQLITE);
      assertThat(arguments(move.job("preflight")))
          .containsSubsequence("--from", "--to", "sqlite:////data/app.db", "--dry-run")
          .anyMatch(a -> a.startsWith("postgresql://app@app-postgresql."))
          .doesNotContain("--replace-target-rows", "--snapshot-dir");
      crash(move, crashAt, 1);
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);

      move.complete("preflight");
      move.awaitReplicas(0);
      crash(move, crashAt, 2);
      move.job("transfer");
      move.transferRuns();
      move.awaitPhase(MigrationPhase.COPYING);
      assertThat(move.binding("backend")).isEqualTo("PostgreSQL");
      crash(move, crashAt, 3);

      move.transferReady();
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("SQLite"));
      crash(move, crashAt, 4);
      assertThat(move.binding("epoch")).isEqualTo("3");
      move.awaitReplicas(2);
      move.transferGone();
      move.awaitPhase(MigrationPhase.DONE);
      move.stage().awaitReady("app");

      assertThat(Annotations.epoch(claim(move, DATA))).isEqualTo(3);
      assertThat(Annotations.number(claim(move, SERVER), Annotations.SUPERSEDED)).isEqualTo(3);
      eventually(() ->
          assertThat(move.stage().get(StatefulSet.class, "app-postgresql").getSpec().getReplicas())
              .as("a server that has nothing to serve")
              .isZero());
    }
  }

  @Test
  void T32_takenBackWhileCopyingTheServerGoesOn() {
    try (MoveStage move = new MoveStage()) {
      move.there();
      untilCopyingBack(move);
      move.ask("PostgreSQL");
      move.awaitPhase(MigrationPhase.ROLLING_BACK);
      move.transferGone();
      assertThat(arguments(move.job("abort")))
          .containsSubsequence("transfer-abort", "--to", "sqlite:////data/app.db");
      move.complete("abort");
      move.awaitReplicas(2);
      move.awaitPhase(MigrationPhase.ROLLED_BACK);
      assertThat(move.binding("backend")).isEqualTo("PostgreSQL");
      assertThat(move.binding("epoch")).isEqualTo("2");
      move.stage().awaitReady("app");
    }
  }

  @Test
  void aLostBindingIsMadeForSqliteAgain() {
    try (MoveStage move = new MoveStage()) {
      move.there();
      back(move);
      move.stage().client().resource(move.stage().get(Secret.class, "app-binding")).delete();
      eventually(() -> assertThat(move.stage().find(Secret.class, "app-binding")).isNotNull());
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("SQLite"));
      assertThat(move.binding("epoch")).isEqualTo("3");
    }
  }

  @Test
  void thereAgainReplacesRetainedDataOnlyWhenThatIsSaidTwice() {
    try (MoveStage move = new MoveStage()) {
      move.there();
      back(move);
      move.ask("PostgreSQL");
      String uid = claim(move, SERVER).getMetadata().getUid();
      assertThat(move.stage().awaitStalled("app", "RetainedDataInTheWay")).contains(uid + "/3");
      assertThat(move.migration().getSpec().to().value()).isEqualTo("SQLite");

      move.stage()
          .merge(
              StorageInstance.class,
              "app",
              "{\"metadata\":{\"annotations\":{\"wharfinger.dev/replace-retained\":\"%s\"}}}"
                  .formatted(uid + "/3"));
      eventually(() -> assertThat(move.migration().getSpec().to().value()).isEqualTo("PostgreSQL"));
      assertThat(arguments(move.job("preflight"))).contains("--replace-former-transfer");
      assertThat(move.stage().get(StatefulSet.class, "app-postgresql").getSpec().getReplicas())
          .isEqualTo(1);
    }
  }

  private static void untilCopyingBack(MoveStage move) {
    move.ask("SQLite");
    move.begins(Backend.SQLITE);
    move.job("preflight");
    move.complete("preflight");
    move.job("transfer");
    move.transferRuns();
    move.awaitPhase(MigrationPhase.COPYING);
  }

  private static void back(MoveStage move) {
    untilCopyingBack(move);
    move.transferReady();
    eventually(() -> assertThat(move.binding("backend")).isEqualTo("SQLite"));
    move.awaitReplicas(2);
    move.transferGone();
    move.awaitPhase(MigrationPhase.DONE);
    move.stage().awaitReady("app");
  }

  private static void crash(MoveStage move, int crashAt, int here) {
    if (crashAt == here) {
      move.crash();
    }
  }

  private static List<String> arguments(Job job) {
    return job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs();
  }

  private static PersistentVolumeClaim claim(MoveStage move, String name) {
    return move.stage().get(PersistentVolumeClaim.class, name);
  }
}
