package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A move in whose every phase somebody does something. */
@Execution(ExecutionMode.CONCURRENT)
class PhaseFaults {

  private static Stream<DynamicTest> inEveryPhase(
      String name, Stream<String> phases, Consumer<Lane> deed, Consumer<Lane> end) {
    return Settings.some(name, phases.toList()).stream()
        .map(phase ->
            dynamicTest(
                name + " " + phase,
                Trial.of(
                    name + " " + phase,
                    lane -> {
                      Deeds.createSqlite(lane);
                      CompletableFuture<Void> done =
                          Phases.on(lane, phase, () -> deed.accept(lane));
                      Deeds.ask(lane, "PostgreSQL");
                      lane.until("phase " + phase, done::isDone);
                      done.join();
                      end.accept(lane);
                    })));
  }

  @TestFactory
  Stream<DynamicTest> T13_statusIsWipedAndTheOperatorKilled() {
    return inEveryPhase(
        "T13_statusIsWiped",
        Phases.FORWARD.stream(),
        lane -> {
          lane.operator().kill();
          lane.history().happened("crash", "kills the operator and wipes every status");
          lane.proxy().watches().cut(resource -> true);
          wipe(
              lane,
              StorageMigration.class,
              Deeds.migrations(lane).getFirst().getMetadata().getName());
          wipe(lane, StorageInstance.class, Deeds.APP);
          lane.operator().start();
        },
        lane -> {
          lane.until("the move is done", () -> Conditions.phase(lane, "Done"));
          Deeds.atWork(lane);
          Trial.endsAsWithout(lane, "T06_switch");
        });
  }

  private static <T extends io.fabric8.kubernetes.api.model.HasMetadata> void wipe(
      Lane lane, Class<T> type, String name) {
    lane.client()
        .resources(type)
        .inNamespace(lane.namespace())
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
  }

  @TestFactory
  Stream<DynamicTest> T42_instanceIsDeleted() {
    return inEveryPhase(
        "T42_instanceIsDeleted",
        Phases.FORWARD.stream(),
        lane -> lane.delete(StorageInstance.class, Deeds.APP),
        lane -> {
          lane.until(
              "L4: the instance is gone", () -> lane.find(StorageInstance.class, "app") == null);
          lane.until("L4: the move is gone", () -> Deeds.migrations(lane).isEmpty());
          assertThat(replicas(lane)).as("replicas of the application").isEqualTo(2);
          assertThat(somewhere(lane)).as("one volume has every row").isTrue();
        });
  }

  @TestFactory
  Stream<DynamicTest> T42_moveIsDeleted() {
    return inEveryPhase(
        "T42_moveIsDeleted",
        Phases.FORWARD.stream().filter(p -> !p.equals("Done")),
        lane -> {
          // Else the operator asks for another move at once.
          Deeds.ask(lane, "SQLite");
          lane.delete(StorageMigration.class, "app-2");
        },
        lane -> {
          lane.until(
              "L4: the move is gone", () -> lane.find(StorageMigration.class, "app-2") == null);
          // Where it could not be taken back any more, another one brings the data back.
          lane.until(
              "no move is under way",
              () -> Deeds.migrations(lane).stream().allMatch(PhaseFaults::ended));
          lane.until("the application runs", () -> Deeds.running(lane));
          Rest.await(lane);
        });
  }

  @TestFactory
  Stream<DynamicTest> T32_thereAndBackAndThere() {
    return inEveryPhase(
        "T32_thereAndBackAndThere",
        Phases.FORWARD.stream(),
        lane -> {
          Deeds.ask(lane, "SQLite");
          Deeds.ask(lane, "PostgreSQL");
        },
        lane -> {
          lane.until(
              "the move has ended",
              () -> Conditions.phase(lane, "Done") || Conditions.phase(lane, "RolledBack"));
          lane.until("the application runs", () -> Deeds.running(lane));
          Rest.await(lane);
        });
  }

  private static boolean ended(StorageMigration migration) {
    return migration.getStatus() != null
        && migration.getStatus().phase() != null
        && migration.getStatus().phase().ended();
  }

  private static int replicas(Lane lane) {
    return lane.get(io.fabric8.kubernetes.api.model.apps.Deployment.class, "app")
        .getSpec()
        .getReplicas();
  }

  /** Whether a volume has every row that was acknowledged. */
  private static boolean somewhere(Lane lane) {
    return Stream.of("app-data", "data-app-postgresql-0")
        .map(name -> lane.find(PersistentVolumeClaim.class, name))
        .anyMatch(c -> c != null && lane.world().missing(c.getMetadata().getUid()).isEmpty());
  }
}
