package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.MoveStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.MoveStage;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The switch on a real API server, with both reconcilers; the test plays kubelet and controllers.
 */
class MigrationWalkIT {

  /** At {@code crashAt} the operator dies and the status is lost; 0 is the walk without a crash. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void T06_T13_walksToTheEndWhateverHappensToOperatorAndStatus(int crashAt) {
    try (MoveStage move = new MoveStage()) {
      PodTemplateSpec template = move.app().getSpec().getTemplate();
      move.ask("PostgreSQL");
      move.job("preflight");
      crash(move, crashAt, 1);
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);

      move.complete("preflight");
      move.awaitReplicas(0);
      assertThat(move.app().getMetadata().getAnnotations())
          .containsEntry("wharfinger.dev/replicas", "2")
          .containsEntry("wharfinger.dev/fenced-by", move.migration().getMetadata().getUid());
      crash(move, crashAt, 2);
      move.awaitPhase(MigrationPhase.FENCED);
      move.scale(5);
      move.awaitReplicas(0);

      move.gone("app-5d9-1");
      move.job("transfer");
      move.transferRuns();
      crash(move, crashAt, 3);
      move.awaitPhase(MigrationPhase.COPYING);
      move.scale(1);
      move.awaitReplicas(0);
      assertThat(move.binding("backend")).isEqualTo("SQLite");

      if (crashAt == 4) {
        move.stage().stop();
        move.transferReady();
        move.crash();
      } else {
        move.transferReady();
      }
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("PostgreSQL"));
      crash(move, crashAt, 5);
      assertThat(move.binding("epoch")).isEqualTo("2");
      assertThat(move.binding("operation")).isEqualTo(move.migration().getMetadata().getUid());

      move.awaitReplicas(2);
      assertThat(move.app().getMetadata().getAnnotations())
          .doesNotContainKeys("wharfinger.dev/replicas", "wharfinger.dev/fenced-by");
      // CLO-27: what the application is stays; only what its Secret says is other.
      assertThat(move.app().getSpec().getTemplate()).isEqualTo(template);
      move.transferGone();
      move.awaitPhase(MigrationPhase.DONE);
      crash(move, crashAt, 6);
      move.awaitPhase(MigrationPhase.DONE);
      assertThat(
              Duration.parse(
                  Objects.requireNonNull(move.migration().getStatus().writeStop(), "writeStop")))
          .isPositive();
      assertThat(
              move.stage().find(Job.class, move.migration().getMetadata().getName() + "-transfer"))
          .isNull();
      move.stage().awaitReady("app");
      assertThat(move.binding("epoch")).isEqualTo("2");
    }
  }

  @Test
  void theSchemasRevisionIsToldAfterTheMove() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.report(
          "{\"outcome\": \"moved\", \"revisions\": [{\"table\": \"alembic_version\", \"target\": [\"3f2a90c1\"]}]}");
      move.transferReady();
      eventually(() -> assertThat(move.binding("schema-revision")).isEqualTo("3f2a90c1"));
      move.awaitReplicas(2);
      move.transferGone();
      move.awaitPhase(MigrationPhase.DONE);
      assertThat(move.stage().awaitReady("app").getStatus().schemaRevision()).isEqualTo("3f2a90c1");
      assertThat(move.binding("schema-revision")).isEqualTo("3f2a90c1");
    }
  }

  @Test
  void T32_takenBackWhileCopyingReturnsOnceItIsCertain() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.ask("SQLite");
      move.awaitPhase(MigrationPhase.ROLLING_BACK);
      move.crash();
      move.awaitPhase(MigrationPhase.ROLLING_BACK);
      assertThat(move.app().getSpec().getReplicas()).isZero();
      move.transferGone();
      move.job("abort");
      assertThat(move.app().getSpec().getReplicas()).isZero();
      move.complete("abort");
      move.awaitReplicas(2);
      move.awaitPhase(MigrationPhase.ROLLED_BACK);
      assertThat(move.binding("backend")).isEqualTo("SQLite");
      assertThat(move.binding("epoch")).isEqualTo("1");
    }
  }

  @Test
  void T32_takenBackTooLateGoesForward() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.ask("SQLite");
      move.awaitPhase(MigrationPhase.ROLLING_BACK);
      move.transferGone();
      move.job("abort");
      move.fail("abort", "PodFailurePolicy");
      move.awaitPhase(MigrationPhase.COMMITTED);
      move.transferRuns();
      move.transferReady();
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("PostgreSQL"));
      move.awaitReplicas(2);
    }
  }

  @Test
  void aTransferThatNeverStartsGivesTheApplicationBack() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.transferStartedLongAgo();
      move.awaitPhase(MigrationPhase.ROLLING_BACK);
      eventually(() ->
          assertThat(
                  move.stage()
                      .find(Job.class, move.migration().getMetadata().getName() + "-transfer"))
              .isNull());
      // Its pod could start at the last moment: PostgreSQL is asked once that cannot be any more.
      assertThat(move.stage().find(Job.class, move.migration().getMetadata().getName() + "-abort"))
          .isNull();
      assertThat(move.app().getSpec().getReplicas()).isZero();
      move.transferGone();
      move.job("abort");
      assertThat(move.app().getSpec().getReplicas()).isZero();
      move.complete("abort");
      move.awaitReplicas(2);
      move.awaitPhase(MigrationPhase.FAILED);
      assertThat(move.migration().getStatus().conditions())
          .allMatch(c -> c.getReason().equals("TransferNotStarted"));
      assertThat(move.binding("backend")).isEqualTo("SQLite");
    }
  }

  @Test
  void aTransferThatNoJobCanBeMadeForIsGivenUpToo() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.stage().stop();
      move.stage().client().resource(move.job("transfer")).delete();
      move.transferStartedLongAgo();
      move.stage().restart();
      move.awaitPhase(MigrationPhase.ROLLING_BACK);
      move.transferGone();
      move.complete("abort");
      move.awaitReplicas(2);
    }
  }

  @Test
  void aTransferThatStartedIsNeverGivenUpOnTime() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.runnerStarts();
      eventually(() ->
          assertThat(move.migration().getMetadata().getAnnotations())
              .containsKey("wharfinger.dev/runner-started"));
      // Evicted, and what follows it finds no node.
      move.transferGone();
      move.transferRuns();
      move.transferStartedLongAgo();
      // Seen by a pass that came later.
      move.scale(1);
      move.awaitReplicas(0);
      move.awaitPhase(MigrationPhase.COPYING);
      move.transferReady();
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("PostgreSQL"));
    }
  }

  @Test
  void T28_refusedInPreflightTouchesNobody() {
    try (MoveStage move = new MoveStage()) {
      move.ask("PostgreSQL");
      move.job("preflight");
      long generation = move.app().getMetadata().getGeneration();
      move.fail("preflight", "PodFailurePolicy");
      move.awaitPhase(MigrationPhase.FAILED);
      assertThat(move.app().getMetadata().getGeneration()).isEqualTo(generation);
      move.crash();
      move.awaitPhase(MigrationPhase.FAILED);
    }
  }

  @Test
  void T13_anEndedMoveWritesNothingMore() {
    try (MoveStage move = new MoveStage()) {
      move.ask("PostgreSQL");
      move.fail("preflight", "PodFailurePolicy");
      move.awaitPhase(MigrationPhase.FAILED);
      move.stage().awaitRest();
      // A new operator looks at everything once.
      move.stage().restart();
      move.stage().awaitRest();
      assertThat(move.stage().operator().writes().seen()).isEmpty();
    }
  }

  @Test
  void aDryRunMakesItsOwnServerAndTakesItAway() {
    try (MoveStage move = new MoveStage()) {
      move.create("try", true);
      move.job("preflight");
      assertThat(servers(move)).hasSize(1).noneMatch("app-postgresql"::equals);
      move.complete("preflight");
      move.awaitPhase(MigrationPhase.PLANNED);
      assertThat(servers(move)).isEmpty();
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);
      move.delete("try");
    }
  }

  @Test
  void theEndAndTheReportAreToldTogetherAndAgainWhereTheyWereLost() {
    try (MoveStage move = new MoveStage()) {
      move.create("try", true);
      move.job("preflight");
      // As from the log of a pod, which only a kubelet has.
      move.stage()
          .client()
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName("try-report")
                  .withNamespace(move.stage().namespace())
                  .endMetadata()
                  .addToData("report.json", "{}")
                  .build())
          .create();
      move.stage().operator().writes().forget();
      move.complete("preflight");
      move.awaitPhase(MigrationPhase.PLANNED);
      move.stage().awaitRest();
      assertThat(move.stage().operator().writes().seen())
          .filteredOn(w -> w.contains("try/status"))
          .filteredOn(w -> w.contains("\"Planned\"") || w.contains("try-report"))
          .singleElement()
          .asString()
          .contains("\"phase\":\"Planned\"", "try-report");

      move.crash();
      eventually(() -> {
        assertThat(move.migration().getStatus()).isNotNull();
        assertThat(move.migration().getStatus().reportRef()).isNotNull();
      });
      move.awaitPhase(MigrationPhase.PLANNED);
    }
  }

  @Test
  void aRealMoveMadeByHandIsRefused() {
    try (MoveStage move = new MoveStage()) {
      move.create("mine", false);
      move.awaitPhase(MigrationPhase.FAILED);
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);
      move.delete("mine");
    }
  }

  @Test
  void T42_deletedInTheFenceReturnsTheConsumersFirst() {
    try (MoveStage move = new MoveStage()) {
      move.ask("PostgreSQL");
      move.complete("preflight");
      move.awaitReplicas(0);
      move.ask("SQLite");
      move.delete(move.migration().getMetadata().getName());
      assertThat(move.app().getSpec().getReplicas()).isEqualTo(2);
    }
  }

  @Test
  void pausedAndDeletedWritesNothingUntilItGoesOn() {
    try (MoveStage move = new MoveStage()) {
      untilCopying(move);
      move.stage().merge(StorageInstance.class, "app", "{\"spec\":{\"paused\":true}}");
      move.stage().awaitStalled("app", "Paused");
      move.stage().awaitRest();
      move.stage().operator().writes().forget();
      move.stage().client().resource(move.stage().instance("app")).delete();
      eventually(() ->
          assertThat(move.stage().awaitStalled("app", "Paused"))
              .contains("a move is under way", "remove paused"));
      move.stage().awaitRest();
      assertThat(move.stage().operator().writes().seen()).allMatch(w -> w.contains("app/status"));

      move.stage().merge(StorageInstance.class, "app", "{\"spec\":{\"paused\":false}}");
      move.awaitPhase(MigrationPhase.ROLLING_BACK);
      move.transferGone();
      move.complete("abort");
      move.awaitReplicas(2);
      eventually(() -> assertThat(move.stage().find(StorageInstance.class, "app")).isNull());
    }
  }

  private static List<String> servers(MoveStage move) {
    return move
        .stage()
        .client()
        .apps()
        .statefulSets()
        .inNamespace(move.stage().namespace())
        .list()
        .getItems()
        .stream()
        .map(s -> s.getMetadata().getName())
        .toList();
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

  private static void crash(MoveStage move, int crashAt, int point) {
    if (crashAt == point) {
      move.crash();
    }
  }
}
