package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Many instances that need nothing: their operator writes nothing but its lease. */
@ResourceLock("the machine")
class RestFaults {
  private static final int INSTANCES = Settings.full() ? 500 : 50;

  @Test
  void T48_manyInstancesAtRestWriteNothing() {
    Assumptions.assumeTrue(Settings.only().isEmpty() || Settings.only().equals("G1"));
    try (Lane lane = Lane.idle("rest", Map.of("WHARFINGER_LEADER_ELECTION", "true"))) {
      rights(lane);
      lane.operator().start();
      for (int i = 0; i < INSTANCES; i++) {
        lane.create(
            Deeds.instance(i % 2 == 0 ? "{}" : "{backend: PostgreSQL}")
                .replace("name: app", "name: app-" + i));
      }
      lane.until(
          "all are Ready",
          Duration.ofMinutes(30),
          Duration.ofSeconds(2),
          () -> ready(lane) == INSTANCES);
      settle(lane);

      // Every list is read again, and every instance looked at, over and over.
      int begin = lane.history().size();
      for (int round = 0; round < 3; round++) {
        double before = started(lane);
        lane.proxy().watches().expire(resource -> true);
        touch(lane, round);
        lane.until(
            "every instance is looked at",
            Duration.ofMinutes(5),
            () -> started(lane) >= before + INSTANCES);
        settle(lane);
      }
      assertThat(lane.history().writes(begin)).as("writes at rest").isEmpty();

      int restart = lane.history().size();
      lane.operator().stop();
      lane.proxy().watches().cut(resource -> true);
      lane.operator().start();
      lane.until(
          "every instance is looked at", Duration.ofMinutes(5), () -> started(lane) >= INSTANCES);
      settle(lane);
      assertThat(lane.history().writes(restart)).as("writes of a restart").isEmpty();
      assertThat(
              lane.history()
                  .requests(restart)
                  .filter(r -> !r.resource().equals("leases") && !r.resource().equals("events")))
          .as("requests of a restart: two for each informer and a few")
          .hasSizeLessThanOrEqualTo(2 * 13 + 10);
      Runs.judge(lane, "G1");
    }
  }

  private static void rights(Lane lane) {
    lane.create(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: lease}
        rules:
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create, get, update, patch]}
        """);
    lane.create(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: lease}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: lease}
        subjects: [{kind: ServiceAccount, name: wharfinger, namespace: %s}]
        """
            .formatted(lane.namespace()));
  }

  private static void touch(Lane lane, int round) {
    for (int i = 0; i < INSTANCES; i++) {
      lane.patch(
          StorageInstance.class,
          "app-" + i,
          "{\"metadata\":{\"annotations\":{\"example.com/round\":\"%d\"}}}".formatted(round));
    }
  }

  private static long ready(Lane lane) {
    return lane
        .client()
        .resources(StorageInstance.class)
        .inNamespace(lane.namespace())
        .list()
        .getItems()
        .stream()
        .filter(Conditions::ready)
        .count();
  }

  private static double started(Lane lane) {
    return Rest.ended(lane.operator().metrics());
  }

  /** Waits until nothing runs and nothing waits, and nothing was written meanwhile. */
  private static void settle(Lane lane) {
    double[] last = {-1};
    lane.until(
        "nothing runs",
        Duration.ofMinutes(5),
        () -> {
          Map<String, Double> metrics = lane.operator().metrics();
          double ended = Rest.ended(metrics);
          boolean same = ended == last[0];
          last[0] = ended;
          return same && Rest.idle(metrics);
        });
  }
}
