package dev.wharfinger.e2e.fault;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The API server is away, hangs, or cannot be reached for a while. */
@Execution(ExecutionMode.CONCURRENT)
class AwayFaults {
  private static final List<String> PHASES = Phases.FORWARD.subList(0, 5);
  private static final Duration SHORT = Duration.ofSeconds(60);

  private static Stream<DynamicTest> inPhases(String name, BiConsumer<Lane, String> body) {
    return Settings.some(name, PHASES).stream()
        .map(phase ->
            dynamicTest(
                name + " " + phase,
                Trial.of(name + " " + phase, lane -> body.accept(lane, phase))));
  }

  @TestFactory
  Stream<DynamicTest> T16_theApiServerIsAwayForAWhile() {
    String longest = Settings.shuffled("T16 longest", PHASES).getFirst();
    return inPhases(
        "T16_away",
        (lane, phase) -> {
          // One of them is away for longer than anybody's patience.
          Duration time = Settings.away();
          away(lane, phase, phase.equals(longest) || time.compareTo(SHORT) < 0 ? time : SHORT);
        });
  }

  private static void away(Lane lane, String phase, Duration time) {
    Deeds.createSqlite(lane);
    Action.Rule rule = request -> Action.LOSE;
    var gone =
        Phases.on(
            lane,
            phase,
            () -> {
              lane.history().happened("network", "the API server is away");
              lane.proxy().add(rule);
              lane.proxy().watches().cut(resource -> true);
            });
    Deeds.ask(lane, "PostgreSQL");
    lane.until("phase " + phase, gone::isDone);
    passes(lane, time);
    lane.proxy().remove(rule);
    lane.history().happened("network", "the API server is back");
    ends(lane);
  }

  /** Like a process that is stopped: what it was asked it does much later, wanted or not. */
  @TestFactory
  Stream<DynamicTest> T16_theApiServerHangsForAWhile() {
    return inPhases("T16_hangs", AwayFaults::hangs);
  }

  private static void hangs(Lane lane, String phase) {
    Deeds.createSqlite(lane);
    CountDownLatch back = new CountDownLatch(1);
    Action.Rule rule =
        request -> {
          try {
            back.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Action.PASS;
        };
    var gone =
        Phases.on(
            lane,
            phase,
            () -> {
              lane.history().happened("network", "the API server hangs");
              lane.proxy().add(rule);
              lane.proxy()
                  .watches()
                  .hold(Lookout.KINDS.stream().map(HasMetadata::getPlural).toArray(String[]::new));
            });
    try {
      Deeds.ask(lane, "PostgreSQL");
      lane.until("phase " + phase, gone::isDone);
      passes(lane, Settings.full() ? SHORT : Settings.away());
    } finally {
      lane.proxy().remove(rule);
      back.countDown();
    }
    lane.proxy().watches().release();
    lane.history().happened("network", "the API server answers");
    ends(lane);
  }

  private static void ends(Lane lane) {
    lane.until("L3: the move is done", () -> Conditions.phase(lane, "Done"));
    // The move is looked at live; what is watched comes back one by one, each within half a minute.
    lane.until("it is ready", () -> lane.operator().ready());
    Deeds.atWork(lane);
    Trial.endsAsWithout(lane, "T06_switch");
  }

  @TestFactory
  Stream<DynamicTest> T18_anOperatorThatWasCutOffSaysSoAndWatchesEverythingAgain() {
    return Trial.byBoth("T18_cutOff", AwayFaults::cutOff);
  }

  private static void cutOff(Lane lane) {
    Deeds.createPostgresql(lane);
    Rest.await(lane);
    Action.Rule rule = request -> Action.LOSE;
    lane.history().happened("network", "the operator is cut off");
    lane.proxy().add(rule);
    lane.proxy().watches().cut(resource -> true);
    lane.until("it is not ready", () -> !lane.operator().ready());
    passes(lane, Settings.full() ? Duration.ofMinutes(15) : Settings.away());
    lane.proxy().remove(rule);
    lane.history().happened("network", "the operator has the network again");
    lane.until("it is ready", () -> lane.operator().ready());
    // Only who watches a kind notices that one of it is gone.
    comesBack(lane, Secret.class, "app-binding");
    comesBack(lane, ConfigMap.class, "app-postgresql");
    comesBack(lane, StatefulSet.class, "app-postgresql");
    Deeds.atWork(lane);
    Trial.endsAsWithout(lane, "T02_createPostgresql");
  }

  private static void comesBack(Lane lane, Class<? extends HasMetadata> type, String name) {
    lane.delete(type, name);
    lane.until(
        name + " comes back",
        () -> {
          HasMetadata object = lane.find(type, name);
          return object != null && object.getMetadata().getDeletionTimestamp() == null;
        });
  }

  /** Waits for as long as that; what goes on meanwhile tells the time. */
  private static void passes(Lane lane, Duration time) {
    int begin = lane.history().size();
    lane.until(
        "that goes on for " + time,
        time.plusMinutes(5),
        Duration.ofSeconds(1),
        () -> lane.history().lasts(begin).compareTo(time) > 0);
  }
}
