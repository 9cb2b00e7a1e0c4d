package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.MoveStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.testing.MoveStage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without its binding Secret an instance must find its data again, and never the old copy. */
class LostBindingIT {
  private static final String SOURCE = "app-data";
  private static final String TARGET = "data-app-postgresql-0";

  @ParameterizedTest
  @ValueSource(strings = {SOURCE, TARGET})
  void oneClaimThatForgotIsNotEnoughToGoBack(String forgetful) {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.transferReady();
      untilDone(move);
      assertThat(claim(move, SOURCE).getMetadata().getAnnotations())
          .containsEntry("wharfinger.dev/superseded", "2");

      move.stage().stop();
      strip(move, forgetful);
      loseBinding(move);
      move.stage().restart();
      move.stage().awaitReady("app");
      assertThat(move.binding("backend")).isEqualTo("PostgreSQL");
      assertThat(move.binding("epoch")).isEqualTo("2");
    }
  }

  @Test
  void whatTheClaimsForgotComesBackWhileTheBindingIsThere() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.transferReady();
      untilDone(move);
      // Something stops every run, though it is not the claims.
      move.stage()
          .merge(
              Secret.class,
              "app-credentials",
              "{\"metadata\":{\"labels\":{\"wharfinger.dev/instance-uid\":null}}}");
      move.stage().awaitStalled("app", "NameConflict");
      strip(move, TARGET);
      strip(move, SOURCE);
      eventually(() -> {
        assertThat(Annotations.epoch(claim(move, TARGET))).isEqualTo(2);
        assertThat(Annotations.number(claim(move, SOURCE), Annotations.SUPERSEDED)).isEqualTo(2);
      });
    }
  }

  @Test
  void anOlderBindingThatABackupBroughtBackIsNotBelieved() {
    try (MoveStage move = new MoveStage()) {
      Secret old = move.stage().get(Secret.class, "app-binding");
      untilCopying(move);
      move.transferReady();
      untilDone(move);
      old.getMetadata().setResourceVersion(null);
      move.stage().client().resource(old).update();

      assertThat(move.stage().awaitStalled("app", "BindingOutdated")).contains("app-binding");
      assertThat(move.migration().getMetadata().getName()).isEqualTo("app-2");
      loseBinding(move);
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("PostgreSQL"));
      assertThat(move.binding("epoch")).isEqualTo("2");
      move.stage().awaitReady("app");
    }
  }

  @Test
  void aFreshClaimInThePlaceOfALostOneIsNotTakenForTheData() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.transferReady();
      untilDone(move);
      move.stage().stop();
      PersistentVolumeClaim lost = claim(move, TARGET);
      move.stage().client().resource(lost).delete();
      eventually(() -> assertThat(move.stage().find(PersistentVolumeClaim.class, TARGET)).isNull());
      move.stage()
          .client()
          .resource(
              lost.edit()
                  .editMetadata()
                  .withResourceVersion(null)
                  .withUid(null)
                  .withAnnotations(null)
                  .endMetadata()
                  .editSpec()
                  .withVolumeName(null)
                  .endSpec()
                  .build())
          .create();
      strip(move, SOURCE);
      move.stage().restart();

      // Written by the same step, after the other claim's turn.
      eventually(() ->
          assertThat(Annotations.number(claim(move, SOURCE), Annotations.SUPERSEDED)).isEqualTo(2));
      assertThat(Annotations.epoch(claim(move, TARGET))).isZero();
    }
  }

  @Test
  void lostBetweenTheMarkAndTheFlipItGoesForward() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.stage().stop();
      move.transferReady();
      // As far as an operator came that died between its two actions.
      move.stage()
          .merge(
              PersistentVolumeClaim.class,
              TARGET,
              "{\"metadata\":{\"annotations\":{\"wharfinger.dev/epoch\":\"2\"}}}");
      loseBinding(move);
      move.stage().restart();
      eventually(() -> assertThat(move.stage().find(Secret.class, "app-binding")).isNotNull());
      assertThat(move.binding("backend")).isEqualTo("PostgreSQL");
      untilDone(move);
      assertThat(move.binding("backend")).isEqualTo("PostgreSQL");
      assertThat(move.binding("epoch")).isEqualTo("2");
    }
  }

  private static void untilCopying(MoveStage move) {
    move.ask("PostgreSQL");
    move.complete("preflight");
    move.awaitReplicas(0);
    move.gone("app-5d9-1");
    move.job("transfer");
    move.transferRuns();
    move.awaitPhase(MigrationPhase.COPYING);
  }

  private static void untilDone(MoveStage move) {
    move.awaitReplicas(2);
    move.transferGone();
    move.awaitPhase(MigrationPhase.DONE);
    move.stage().awaitReady("app");
  }

  private static PersistentVolumeClaim claim(MoveStage move, String name) {
    return move.stage().get(PersistentVolumeClaim.class, name);
  }

  private static void strip(MoveStage move, String claim) {
    move.stage().merge(PersistentVolumeClaim.class, claim, "{\"metadata\":{\"annotations\":null}}");
  }

  private static void loseBinding(MoveStage move) {
    move.stage().client().resource(move.stage().get(Secret.class, "app-binding")).delete();
  }
}
