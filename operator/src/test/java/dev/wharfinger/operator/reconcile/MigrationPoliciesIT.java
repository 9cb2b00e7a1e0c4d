package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.MigrationPolicy;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.MoveStage;
import org.junit.jupiter.api.Test;

/** What was decided when a move began goes with it. */
class MigrationPoliciesIT {
  @Test
  void whatTheInstanceSaysOfMovesIsCopiedIntoTheMoveAndGivenToItsJobs() {
    try (MoveStage move = new MoveStage()) {
      move.stage()
          .merge(
              StorageInstance.class,
              "app",
              """
              {"spec": {"migration": {"large": "always", "policies": [
                {"kind": "orphans", "table": "note", "column": "user_id", "choice": "delete"}]}}}\
              """);
      move.ask("PostgreSQL");

      assertThat(move.migration().getSpec().policies())
          .containsExactly(
              new MigrationPolicy(MigrationPolicy.Kind.ORPHANS, "note", "user_id", "delete"));
      assertThat(
              move.job("preflight")
                  .getSpec()
                  .getTemplate()
                  .getSpec()
                  .getContainers()
                  .getFirst()
                  .getArgs())
          .containsSequence("--large", "always")
          .containsSequence("--policy", "orphans@note.user_id=delete");
    }
  }
}
