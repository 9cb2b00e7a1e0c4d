package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.e2e.Figures;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Many instances that need nothing: their operator writes nothing but its lease. */
@Execution(ExecutionMode.CONCURRENT)
class RestFaults {
  private static final int INSTANCES = Settings.instances();

  /** Kinds that the operator caches, each by a list and a watch. */
  static final int INFORMERS = 18;

  /** Kinds that are listed, however many instances there are, once in half a minute at most. */
  private static final int LOOKS = 4;

  @Test
  void T48_manyInstancesAtRestWriteNothing() {
    Trial.run("T48_rest", Map.of("WHARFINGER_LEADER_ELECTION", "true"), RestFaults::rest);
  }

  private static void rest(Lane lane) {
    rights(lane);
    lane.operator().start();
    create(lane);
    lookAtEverything(lane);
    waitAndSee(lane);
    restart(lane);
  }

  private static void create(Lane lane) {
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
  }

  /** Every list is read again, and every instance looked at, over and over. */
  private static void lookAtEverything(Lane lane) {
    int begin = lane.history().size();
    for (int round = 0; round < 3; round++) {
      double before = ended(lane);
      lane.proxy().watches().expire(resource -> true);
      touch(lane, round);
      lookedAt(lane, before + INSTANCES);
    }
    Figures.note(
        "API calls for each look at rest, " + INSTANCES + " instances",
        "%.3f"
            .formatted(
                lane.history().requests(begin).filter(r -> r.verb().equals("get")).count()
                    / (3.0 * INSTANCES)));
    assertThat(lane.history().writes(begin)).as("writes at rest").isEmpty();
  }

  /** The operator's lease, which it renews every few seconds, tells the time. */
  private static void waitAndSee(Lane lane) {
    int begin = lane.history().size();
    lane.until(
        "time passes",
        Settings.rest().plusMinutes(5),
        Duration.ofSeconds(1),
        () -> lane.history().lasts(begin).compareTo(Settings.rest()) > 0);
    assertThat(lane.history().requests(begin).filter(ApiRequest::mutating))
        .as("what is written while nothing happens")
        .isNotEmpty()
        .allMatch(r -> r.resource().equals("leases"));
    assertThat(lane.history().requests(begin).filter(r -> r.verb().equals("list")))
        .as("lists while nothing happens")
        .hasSizeLessThanOrEqualTo(INFORMERS + looks(lane, begin));
  }

  private static void restart(Lane lane) {
    int restart = lane.history().size();
    lane.operator().stop();
    lane.proxy().watches().cut(resource -> true);
    lane.operator().start();
    lookedAt(lane, INSTANCES);
    assertThat(lane.history().writes(restart)).as("writes of a restart").isEmpty();
    assertThat(
            lane.history()
                .requests(restart)
                .filter(r -> !r.resource().equals("leases") && !r.resource().equals("events")))
        .as("requests of a restart: two for each informer and a few")
        .hasSizeLessThanOrEqualTo(2 * INFORMERS + 10 + looks(lane, restart));
  }

  /** The most lists of workloads in a namespace since then: one look serves all its instances. */
  private static int looks(Lane lane, int begin) {
    long halfMinutes = lane.history().lasts(begin).dividedBy(Duration.ofSeconds(30));
    return LOOKS * (int) (halfMinutes + 1);
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

  private static double ended(Lane lane) {
    return Rest.ended(lane.operator().metrics());
  }

  private static void lookedAt(Lane lane, double wanted) {
    lane.until(
        "every instance is looked at",
        Duration.ofMinutes(10),
        Duration.ofMillis(500),
        () -> ended(lane) >= wanted);
    settle(lane);
  }

  /** Waits until nothing has run for a second, and nothing waits to run. */
  private static void settle(Lane lane) {
    double[] last = {-1};
    lane.until(
        "nothing runs",
        Duration.ofMinutes(10),
        Duration.ofSeconds(1),
        () -> {
          Map<String, Double> metrics = lane.operator().metrics();
          double ended = Rest.ended(metrics);
          boolean same = ended == last[0];
          last[0] = ended;
          return same && Rest.idle(metrics);
        });
  }
}
