package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Somebody deletes one object. It comes back over the same data and with the same password, or a
 * condition says what to do.
 */
@Execution(ExecutionMode.CONCURRENT)
class LossFaults {
  private static final String CREDENTIALS = "app-credentials";

  private record Loss(
      Class<? extends HasMetadata> type, String name, DeletionPropagation propagation) {
    @Override
    public String toString() {
      return type.getSimpleName() + " " + name + " " + propagation;
    }
  }

  @TestFactory
  Stream<DynamicTest> T47_aDeletedObjectComesBackOverTheSameData() {
    List<Loss> losses = new ArrayList<>();
    for (DeletionPropagation how :
        List.of(DeletionPropagation.BACKGROUND, DeletionPropagation.ORPHAN)) {
      losses.add(new Loss(StatefulSet.class, "app-postgresql", how));
    }
    losses.add(loss(Service.class, "app-postgresql"));
    losses.add(loss(Service.class, "app-postgresql-headless"));
    losses.add(loss(ConfigMap.class, "app-postgresql"));
    losses.add(loss(Secret.class, "app-binding"));
    losses.add(loss(Secret.class, CREDENTIALS));
    losses.add(loss(Secret.class, "app-postgresql-role"));
    return Settings.some("T47", losses).stream()
        .map(loss -> {
          String name = "T47_lost " + loss;
          return dynamicTest(name, Trial.of(name, lane -> comesBack(lane, loss)));
        });
  }

  private static Loss loss(Class<? extends HasMetadata> type, String name) {
    return new Loss(type, name, DeletionPropagation.BACKGROUND);
  }

  private static void comesBack(Lane lane, Loss loss) {
    Deeds.createPostgresql(lane);
    Rest.await(lane);
    Map<String, String> password = lane.get(Secret.class, CREDENTIALS).getData();
    String lost = lane.get(loss.type(), loss.name()).getMetadata().getUid();
    delete(lane, loss);
    lane.until("it comes back", () -> isThere(lane, loss, lost));
    Deeds.atWork(lane);
    Trial.endsAsWithout(lane, "T02_createPostgresql");
    assertThat(lane.get(Secret.class, CREDENTIALS).getData()).isEqualTo(password);
  }

  private static boolean isThere(Lane lane, Loss loss, String before) {
    HasMetadata now = lane.find(loss.type(), loss.name());
    return now != null
        && now.getMetadata().getDeletionTimestamp() == null
        && !now.getMetadata().getUid().equals(before);
  }

  @TestFactory
  Stream<DynamicTest> T47_whatCannotBeMadeAgainIsSaid() {
    return Settings.some(
            "T47 said",
            List.of(
                loss(PersistentVolumeClaim.class, "data-app-postgresql-0"),
                loss(PersistentVolumeClaim.class, "app-data")))
        .stream()
        .map(loss -> {
          String name = "T47_said " + loss;
          return dynamicTest(name, Trial.of(name, lane -> said(lane, loss)));
        });
  }

  /** The application works on all the while. */
  private static void said(Lane lane, Loss loss) {
    if (loss.name().equals("app-data")) {
      Deeds.createSqlite(lane);
    } else {
      Deeds.createPostgresql(lane);
    }
    Rest.await(lane);
    HasMetadata object = lane.get(loss.type(), loss.name());
    delete(lane, loss);
    lane.until(
        "a condition names it",
        () ->
            Conditions.messages(lane.find(StorageInstance.class, Deeds.APP))
                .anyMatch(m -> m.contains(loss.name())));
    Rest.await(lane);
    int rows = lane.world().acknowledged();
    lane.until("rows are stored all the same", () -> lane.world().acknowledged() > rows);
    assertThat(lane.get(loss.type(), loss.name()).getMetadata().getUid())
        .as("protected while it is in use")
        .isEqualTo(object.getMetadata().getUid());
  }

  private static void delete(Lane lane, Loss loss) {
    lane.history().happened("person", "deletes " + loss);
    lane.client()
        .resources(loss.type())
        .inNamespace(lane.namespace())
        .withName(loss.name())
        .withPropagationPolicy(loss.propagation())
        .delete();
  }
}
