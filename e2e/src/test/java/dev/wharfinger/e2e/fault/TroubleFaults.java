package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A move while others write too, or the API server is in trouble. */
@Execution(ExecutionMode.CONCURRENT)
class TroubleFaults {
  private record Target(Class<? extends HasMetadata> type, String name) {}

  @Test
  void T14_othersPatchEverythingTwentyTimesASecond() {
    Trial.run(
        "T14_conflicts",
        lane -> {
          Deeds.createSqlite(lane);
          List<Target> targets =
              List.of(
                  new Target(StorageInstance.class, "app"),
                  new Target(StorageMigration.class, "app-2"),
                  new Target(Secret.class, "app-binding"),
                  new Target(Deployment.class, "app"),
                  new Target(StatefulSet.class, "app-postgresql"),
                  new Target(ConfigMap.class, "app-postgresql"));
          int[] turn = {0};
          var clock = Executors.newSingleThreadScheduledExecutor();
          clock.scheduleWithFixedDelay(
              () -> stir(lane, targets.get(turn[0]++ % targets.size()), turn[0]),
              0,
              50,
              TimeUnit.MILLISECONDS);
          try {
            Deeds.move(lane);
          } finally {
            clock.shutdownNow();
          }
          Trial.endsAsWithout(lane, "T06_switch");
          for (Target target : targets) {
            assertThat(lane.get(target.type(), target.name()).getMetadata().getAnnotations())
                .as("%s keeps what others wrote", target)
                .containsKey("example.com/stirred");
          }
        });
  }

  private static void stir(Lane lane, Target target, int turn) {
    try {
      lane.patch(
          target.type(),
          target.name(),
          "{\"metadata\":{\"annotations\":{\"example.com/stirred\":\"%d\"},\"labels\":{\"example.com/stirred\":\"%d\"}}}"
              .formatted(turn, turn));
    } catch (KubernetesClientException e) {
      // Not there yet.
    }
  }

  @TestFactory
  Stream<DynamicTest> T15_theApiServerRefusesNowAndThen() {
    return Settings.some("T15", List.of(409, 429, 500, 503)).stream()
        .map(code ->
            dynamicTest(
                "T15_refusals " + code,
                Trial.of("T15_refusals " + code, lane -> refuse(lane, code))));
  }

  private static void refuse(Lane lane, int code) {
    Random random = new Random(Settings.seed());
    move(
        lane,
        request -> request.counts() && random.nextInt(100) < 40 ? refusal(code) : Action.PASS);
  }

  /**
   * What is made once gets no second chance from a later change, so each of these is refused in
   * every run: a quota that is changed meanwhile answers a create with a conflict too.
   */
  @TestFactory
  Stream<DynamicTest> T15_theFirstWriteOfEachObjectIsRefused() {
    return Settings.some("T15", List.of(409, 500)).stream()
        .map(code ->
            dynamicTest(
                "T15_first " + code,
                Trial.of(
                    "T15_first " + code,
                    lane -> {
                      Set<String> refused = ConcurrentHashMap.newKeySet();
                      move(
                          lane,
                          request ->
                              request.counts() && refused.add(request.resource() + request.name())
                                  ? refusal(code)
                                  : Action.PASS);
                    })));
  }

  private static Action refusal(int code) {
    return Action.refuse(code, code == 409 ? "Conflict" : "InternalError");
  }

  private static void move(Lane lane, Action.Rule rule) {
    Deeds.createSqlite(lane);
    lane.proxy().add(rule);
    try {
      Deeds.move(lane);
    } finally {
      lane.proxy().remove(rule);
    }
    Trial.endsAsWithout(lane, "T06_switch");
  }
}
