package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.MoveStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.status.Conditions;
import dev.wharfinger.testing.MoveStage;
import io.fabric8.kubernetes.api.model.Condition;
import org.junit.jupiter.api.Test;

/** Templates that are broken while a move goes on. */
class MigrationBindingIT {

  @Test
  void theApplicationIsNotStoppedForABindingThatCannotBeWritten() {
    try (MoveStage move = new MoveStage()) {
      move.ask("PostgreSQL");
      move.job("preflight");
      template(move, "{uri");
      move.complete("preflight");
      awaitInvalid(move);
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);

      template(move, "{uri}");
      move.awaitReplicas(0);
    }
  }

  @Test
  void behindTheCommitTheFlipWaitsForABindingThatCanBeWritten() {
    try (MoveStage move = new MoveStage()) {
      move.ask("PostgreSQL");
      move.complete("preflight");
      move.awaitReplicas(0);
      move.gone("app-5d9-1");
      move.job("transfer");
      move.transferRuns();
      move.awaitPhase(MigrationPhase.COPYING);
      template(move, "{uri");
      move.transferReady();
      awaitInvalid(move);
      // Without its variable the application might start on an empty file of its own.
      assertThat(move.app().getSpec().getReplicas()).isZero();
      assertThat(move.binding("backend")).isEqualTo("SQLite");

      template(move, "{uri}");
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("PostgreSQL"));
      assertThat(move.binding("epoch")).isEqualTo("2");
      move.awaitReplicas(2);
    }
  }

  private static void template(MoveStage move, String template) {
    move.stage()
        .merge(
            StorageInstance.class,
            "app",
            "{\"spec\":{\"binding\":{\"env\":{\"URL\":\"" + template + "\"}}}}");
  }

  private static void awaitInvalid(MoveStage move) {
    eventually(() -> {
      Condition stalled =
          Conditions.find(move.migration().getStatus().conditions(), Conditions.STALLED);
      assertThat(stalled).isNotNull();
      assertThat(stalled.getReason()).isEqualTo("BindingTemplateInvalid");
      assertThat(stalled.getStatus()).isEqualTo("True");
    });
  }
}
