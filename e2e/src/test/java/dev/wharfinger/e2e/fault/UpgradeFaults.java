package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The operator is replaced by one of another image, as an upgrade does, and that by the first
 * again. No database notices.
 */
@Execution(ExecutionMode.CONCURRENT)
class UpgradeFaults {
  private static final String IMAGE = "WHARFINGER_IMAGE";
  private static final Map<String, String> NEW =
      Map.of(IMAGE, "registry.example/wharfinger:another");
  private static final Map<String, String> OLD = Map.of(IMAGE, OperatorProcess.IMAGE);

  @TestFactory
  Stream<DynamicTest> T46_anUpgradeInTheMiddleOfAMove() {
    return Settings.some("T46", Phases.FORWARD).stream()
        .map(phase ->
            dynamicTest(
                "T46_upgrade " + phase,
                Trial.of("T46_upgrade " + phase, lane -> upgrade(lane, phase))));
  }

  private static void upgrade(Lane lane, String phase) {
    Deeds.createSqlite(lane);
    var replaced = Phases.on(lane, phase, () -> replace(lane, NEW));
    Deeds.ask(lane, "PostgreSQL");
    lane.until("phase " + phase, replaced::isDone);
    replaced.join();
    lane.until("the move is done", () -> Conditions.phase(lane, "Done"));
    Deeds.atWork(lane);
    assertThat(lane.world().moves()).isEqualTo(1);
    Rest.await(lane);

    List<String> servers = servers(lane);
    int begin = lane.history().size();
    replace(lane, OLD);
    lane.until("the old operator again", lane.operator()::ready);
    Rest.await(lane);
    assertThat(lane.history().writes(begin).filter(ApiRequest::applied))
        .as("writes of another image of the operator")
        .isEmpty();
    assertThat(servers(lane)).as("the database's pods").isEqualTo(servers);
  }

  private static void replace(Lane lane, Map<String, String> environment) {
    lane.history().happened("person", "replaces the operator by " + environment.get(IMAGE));
    lane.operator().kill();
    lane.proxy().watches().cut(resource -> true);
    lane.operator().become(environment);
    lane.operator().start();
  }

  private static List<String> servers(Lane lane) {
    return lane
        .client()
        .pods()
        .inNamespace(lane.namespace())
        .withLabel("app.kubernetes.io/component", "postgresql")
        .list()
        .getItems()
        .stream()
        .map(Pod::getMetadata)
        .map(m -> m.getName() + " " + m.getUid())
        .toList();
  }
}
