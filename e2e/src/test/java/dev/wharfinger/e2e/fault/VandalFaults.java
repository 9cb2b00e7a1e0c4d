package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Somebody spoils labels, owners, annotations or finalizers of one object. It is repaired, or a
 * condition says what is wrong; and no data goes.
 */
@Execution(ExecutionMode.CONCURRENT)
class VandalFaults {
  private static final Map<String, String> DEEDS = new LinkedHashMap<>();
  private static final Map<String, Class<? extends HasMetadata>> OBJECTS = new LinkedHashMap<>();

  static {
    DEEDS.put("labels gone", "{\"metadata\":{\"labels\":null}}");
    DEEDS.put(
        "another uid",
        "{\"metadata\":{\"labels\":{\"wharfinger.dev/instance-uid\":\"00000000-0000-0000-0000-000000000000\"}}}");
    DEEDS.put(
        "manager gone", "{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":null}}}");
    DEEDS.put("owners gone", "{\"metadata\":{\"ownerReferences\":null}}");
    DEEDS.put("annotations gone", "{\"metadata\":{\"annotations\":null}}");
    DEEDS.put("finalizers gone", "{\"metadata\":{\"finalizers\":null}}");
    OBJECTS.put("app-data", PersistentVolumeClaim.class);
    OBJECTS.put("data-app-postgresql-0", PersistentVolumeClaim.class);
    OBJECTS.put("app-credentials", Secret.class);
    OBJECTS.put("app-postgresql-role", Secret.class);
    OBJECTS.put("app-binding", Secret.class);
    OBJECTS.put("app-postgresql", StatefulSet.class);
    OBJECTS.put("app-postgresql/service", Service.class);
    OBJECTS.put("app-postgresql/config", ConfigMap.class);
    OBJECTS.put("app", StorageInstance.class);
    OBJECTS.put("app-2", StorageMigration.class);
  }

  private record Case(
      String object, Class<? extends HasMetadata> type, String deed, String patch) {}

  @TestFactory
  Stream<DynamicTest> T45_spoiledAfterAMove() {
    List<Case> cases = new ArrayList<>();
    OBJECTS.forEach((object, type) ->
        DEEDS.forEach((deed, patch) -> cases.add(new Case(object, type, deed, patch))));
    return Settings.some("T45", cases).stream()
        .map(c -> {
          String name = "T45_spoiled " + c.object() + ": " + c.deed();
          return dynamicTest(name, Trial.of(name, lane -> spoil(lane, c)));
        });
  }

  private static void spoil(Lane lane, Case c) {
    Deeds.createSqlite(lane);
    Deeds.move(lane);
    Rest.await(lane);
    List<String> before = servers(lane);
    String object = c.object().replaceAll("/.*", "");
    lane.merge(c.type(), object, c.patch());
    Rest.await(lane);
    // A new operator has nothing but what it sees.
    lane.operator().kill();
    lane.proxy().watches().cut(resource -> true);
    lane.operator().start();
    lane.until("a new operator", lane.operator()::ready);
    Rest.await(lane);
    assertThat(servers(lane)).as("servers").isEqualTo(before);
    StorageInstance instance = lane.get(StorageInstance.class, "app");
    if (Conditions.ready(instance)) {
      Deeds.atWork(lane);
    } else {
      assertThat(Conditions.messages(instance))
          .as("what is wrong")
          .anyMatch(m -> m.contains(object));
      assertThat(Deeds.running(lane)).as("the application runs on").isTrue();
    }
  }

  private static List<String> servers(Lane lane) {
    return lane
        .client()
        .apps()
        .statefulSets()
        .inNamespace(lane.namespace())
        .list()
        .getItems()
        .stream()
        .map(s -> s.getMetadata().getName() + " " + s.getMetadata().getUid())
        .toList();
  }
}
