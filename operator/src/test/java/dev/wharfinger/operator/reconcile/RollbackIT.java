package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.MoveStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Back;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.testing.MoveStage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From PostgreSQL back to the SQLite file of before, which loses rows: only if that is said. */
class RollbackIT {
  private static final String REPORT =
      """
      {"compared": true, "tables": [{"name": "note", "onlyInPostgresql": 12, "onlyInFile": 3}]}
      """;

  /** At {@code crashAt} the operator dies and the status is lost; 0 is the walk without a crash. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void T06_T13_walksBackWhateverHappensToOperatorAndStatus(int crashAt) {
    try (MoveStage move = new MoveStage()) {
      move.there();
      move.ask("SQLite", "rollback");
      move.begins(Backend.SQLITE);
      assertThat(arguments(move, "preflight"))
          .containsSubsequence("rollback", "--from")
          .containsSubsequence("--to", "sqlite:////data/app.db", "--dry-run");
      move.report(REPORT);
      move.complete("preflight");
      asksForConsent(move);
      crash(move, crashAt, 1);
      asksForConsent(move);
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);

      consent(move, move.migration().getMetadata().getUid());
      move.awaitReplicas(0);
      crash(move, crashAt, 2);
      assertThat(arguments(move, "transfer"))
          .contains("rollback")
          .containsSubsequence("--operation", move.migration().getMetadata().getUid(), "--hold");
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

      assertThat(Annotations.epoch(claim(move, "app-data"))).isEqualTo(3);
      assertThat(Annotations.superseded(claim(move, "data-app-postgresql-0"))).isEqualTo(3);
      eventually(() ->
          assertThat(move.stage().get(StatefulSet.class, "app-postgresql").getSpec().getReplicas())
              .as("a server that has nothing to serve")
              .isZero());
    }
  }

  @Test
  void waitingForConsentWritesNothingAndTakesNoOther() {
    try (MoveStage move = new MoveStage()) {
      untilAsked(move);
      move.stage().awaitRest();
      move.stage().operator().writes().forget();
      consent(move, "4711");
      move.stage().touch("app", 1);
      move.stage().awaitRest();
      assertThat(move.stage().operator().writes().seen()).isEmpty();
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);
    }
  }

  @Test
  void OXY_16_whoSuspendsIsToldWhatIsWaitedFor() {
    try (MoveStage move = new MoveStage()) {
      untilAsked(move);
      move.stage().merge(StorageInstance.class, "app", "{\"spec\":{\"suspend\":true}}");
      eventually(() ->
          assertThat(move.stage().awaitStalled("app", "RollbackLosesRows"))
              .contains("wharfinger.dev/accept-loss", "suspend: true waits"));
    }
  }

  @Test
  void whoPrefersACopyGetsOne() {
    try (MoveStage move = new MoveStage()) {
      untilAsked(move);
      String asked = move.migration().getMetadata().getName();
      move.ask("SQLite", "copy");
      eventually(() -> assertThat(move.migration().getMetadata().getName()).isNotEqualTo(asked));
      assertThat(move.migration().getSpec().back()).isEqualTo(Back.COPY);
      assertThat(arguments(move, "preflight")).contains("transfer");
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);
    }
  }

  @Test
  void whoStaysAfterAllIsNeverStopped() {
    try (MoveStage move = new MoveStage()) {
      untilAsked(move);
      move.ask("PostgreSQL");
      move.awaitPhase(MigrationPhase.ROLLED_BACK);
      move.stage().awaitReady("app");
      assertThat(move.binding("epoch")).isEqualTo("2");
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);
    }
  }

  @Test
  void takenBackOnceStoppedTheFileIsAsked() {
    try (MoveStage move = new MoveStage()) {
      untilAsked(move);
      consent(move, move.migration().getMetadata().getUid());
      move.job("transfer");
      move.transferRuns();
      move.awaitPhase(MigrationPhase.COPYING);
      move.ask("PostgreSQL");
      move.awaitPhase(MigrationPhase.ROLLING_BACK);
      move.transferGone();
      assertThat(arguments(move, "abort"))
          .containsSubsequence("transfer-abort", "--to", "sqlite:////data/app.db");
      move.complete("abort");
      move.awaitReplicas(2);
      move.awaitPhase(MigrationPhase.ROLLED_BACK);
      assertThat(move.binding("backend")).isEqualTo("PostgreSQL");
    }
  }

  @Test
  void withoutAFileOfBeforeThereIsNothingToGoBackTo() {
    try (MoveStage move = new MoveStage()) {
      move.stage().create("born", "{backend: PostgreSQL}");
      move.stage().awaitReady("born");
      move.stage()
          .merge(
              StorageInstance.class,
              "born",
              "{\"spec\":{\"backend\":\"SQLite\",\"migration\":{\"back\":\"rollback\"}}}");
      assertThat(move.stage().awaitStalled("born", "NoRetainedFile")).contains("migration.back");
    }
  }

  private static void untilAsked(MoveStage move) {
    move.there();
    move.ask("SQLite", "rollback");
    move.begins(Backend.SQLITE);
    move.job("preflight");
    move.report(REPORT);
    move.complete("preflight");
    asksForConsent(move);
  }

  private static void asksForConsent(MoveStage move) {
    String uid = move.migration().getMetadata().getUid();
    assertThat(move.stage().awaitStalled("app", "RollbackLosesRows"))
        .contains("12 rows only in PostgreSQL [note 12], 3 rows only in the file [note 3]")
        .contains("si app --overwrite wharfinger.dev/accept-loss=" + uid);
  }

  private static void consent(MoveStage move, String value) {
    move.stage()
        .merge(
            StorageInstance.class,
            "app",
            "{\"metadata\":{\"annotations\":{\"wharfinger.dev/accept-loss\":\"%s\"}}}"
                .formatted(value));
  }

  private static void crash(MoveStage move, int crashAt, int here) {
    if (crashAt == here) {
      move.crash();
    }
  }

  private static List<String> arguments(MoveStage move, String role) {
    return move.job(role).getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs();
  }

  private static PersistentVolumeClaim claim(MoveStage move, String name) {
    return move.stage().get(PersistentVolumeClaim.class, name);
  }
}
