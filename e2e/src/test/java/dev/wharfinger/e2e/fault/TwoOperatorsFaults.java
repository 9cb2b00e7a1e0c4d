package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A lease is no lock: two operators may work at the same moment. */
@Execution(ExecutionMode.CONCURRENT)
class TwoOperatorsFaults {

  @Test
  void T17_twoOperatorsWithoutALease() {
    Trial.run(
        "T17_two",
        lane -> {
          Deeds.createSqlite(lane);
          try (OperatorProcess second =
              new OperatorProcess(
                  lane.namespace(),
                  lane.namespace() + "-second",
                  lane.proxy().kubeconfig(),
                  Map.of("POD_NAME", "wharfinger-1"))) {
            second.start();
            lane.until("the second is ready", second::ready);
            Deeds.move(lane);
            assertThat(lane.world().moves()).isEqualTo(1);
            Trial.endsAsWithout(lane, "T06_switch");
          }
        });
  }

  /** What a leader does that was stopped for long, and wakes up among the works of another. */
  @TestFactory
  Stream<DynamicTest> T17_aLeaderOfLongAgoWakesUp() {
    return Settings.some("T17", Phases.FORWARD.subList(0, 5)).stream()
        .map(phase ->
            dynamicTest(
                "T17_asleep " + phase,
                Trial.of("T17_asleep " + phase, lane -> asleep(lane, phase))));
  }

  private static void asleep(Lane lane, String phase) {
    Deeds.createSqlite(lane);
    var asleep =
        Phases.on(
            lane,
            phase,
            () -> {
              lane.operator().signal("STOP");
              lane.history().happened("crash", "the operator's clock is stopped");
            });
    Deeds.ask(lane, "PostgreSQL");
    lane.until("phase " + phase, asleep::isDone);
    try (OperatorProcess second =
        new OperatorProcess(
            lane.namespace(),
            lane.namespace() + "-second",
            lane.proxy().kubeconfig(),
            Map.of("POD_NAME", "wharfinger-1"))) {
      second.start();
      lane.until("the move is done", () -> Conditions.phase(lane, "Done"));
      Deeds.atWork(lane);
    }
    lane.history().happened("crash", "the operator's clock goes on");
    lane.operator().signal("CONT");
    Trial.endsAsWithout(lane, "T06_switch");
  }
}
