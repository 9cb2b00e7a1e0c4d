package dev.wharfinger.e2e.fault;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** One right of the chart's Roles less, which is given back later. */
@Execution(ExecutionMode.CONCURRENT)
class RightsFaults {
  private static final Duration TO_TELL = Duration.ofSeconds(90);

  @TestFactory
  Stream<DynamicTest> T19_oneRightLess() {
    return cases(
        "T19_without ",
        Right.of(Right.WORK),
        (lane, right) -> without(lane, right, Deeds::move, "T06_switch"));
  }

  @TestFactory
  Stream<DynamicTest> T19_oneRightToDeleteLess() {
    return cases(
        "T19_deleting without ",
        Right.of(Right.DELETION),
        (lane, right) -> without(lane, right, Deeds::deleteDelete, "T07_deleteDeleteSqlite"));
  }

  /** An operator that starts has to list and to watch; one that runs has done that already. */
  @TestFactory
  Stream<DynamicTest> T19_startedWithOneRightLess() {
    return cases(
        "T19_started without ",
        Right.of(Right.WORK).stream().filter(RightsFaults::seesBy).toList(),
        RightsFaults::started);
  }

  /** Kinds that are watched are cached; the others are only listed when that is needed. */
  private static boolean seesBy(Right right) {
    return right.verb().equals("watch")
        || (right.verb().equals("list") && Right.of(Right.WORK).contains(right.withVerb("watch")));
  }

  private interface Case {
    void run(Lane lane, Right right);
  }

  private static Stream<DynamicTest> cases(String name, List<Right> rights, Case body) {
    return Settings.some(name, rights).stream()
        .map(right ->
            dynamicTest(name + right, Trial.of(name + right, lane -> body.run(lane, right))));
  }

  private static void without(Lane lane, Right right, Consumer<Lane> deed, String scenario) {
    Deeds.createSqlite(lane);
    Rest.await(lane);
    List<PolicyRule> whole = takeAway(lane, right);
    if (right.verb().equals("watch")) {
      // What is open stays open: the API server asks for the right only once.
      lane.proxy().watches().cut(right.resource()::equals);
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Void> done = CompletableFuture.runAsync(() -> deed.accept(lane), threads);
      lane.until(
          "it is done without that right, or a condition names it, or it is not ready",
          TO_TELL,
          () ->
              done.isDone()
                  || told(lane, right)
                  || (right.verb().equals("watch") && !lane.operator().ready()));
      giveBack(lane, right, whole);
      done.join();
    }
    lane.until("it is ready", lane.operator()::ready);
    Trial.endsAsWithout(lane, scenario);
  }

  private static void started(Lane lane, Right right) {
    Deeds.createSqlite(lane);
    Rest.await(lane);
    lane.operator().kill();
    List<PolicyRule> whole = takeAway(lane, right);
    lane.proxy().watches().cut(resource -> true);
    lane.operator().start();
    int begin = lane.history().size();
    lane.until(
        "it was refused, is not ready, and says why in its log",
        TO_TELL,
        () -> {
          revive(lane);
          return refused(lane, begin, right) && !lane.operator().ready() && saysWhy(lane, right);
        });
    giveBack(lane, right, whole);
    lane.until(
        "it is ready",
        () -> {
          revive(lane);
          return lane.operator().ready();
        });
    Deeds.move(lane);
    Trial.endsAsWithout(lane, "T06_switch");
  }

  private static boolean refused(Lane lane, int since, Right right) {
    return lane.history()
        .requests(since)
        .anyMatch(r -> r.is(right.verb(), right.resource()) && r.code == 403);
  }

  /** Without the list of what people write it waits for the namespace as a whole. */
  private static boolean saysWhy(Lane lane, Right right) {
    String log = lane.operator().log();
    return log.contains(right.inWords())
        || log.contains("namespace " + lane.namespace() + " is not served")
        || log.lines().anyMatch(l -> l.contains("not watched: ") && l.contains(right.resource()));
  }

  /** A kubelet starts again what has ended. */
  private static void revive(Lane lane) {
    if (!lane.operator().alive()) {
      lane.operator().start();
    }
  }

  private static List<PolicyRule> takeAway(Lane lane, Right right) {
    List<PolicyRule> whole = lane.get(Role.class, right.role()).getRules();
    lane.history().happened("person", "takes away: " + right);
    change(lane, right.role(), whole.stream().flatMap(right::less).toList());
    return whole;
  }

  private static void giveBack(Lane lane, Right right, List<PolicyRule> whole) {
    lane.history().happened("person", "gives back: " + right);
    change(lane, right.role(), whole);
  }

  private static void change(Lane lane, String role, List<PolicyRule> rules) {
    lane.client()
        .rbac()
        .roles()
        .inNamespace(lane.namespace())
        .withName(role)
        .edit(r -> r.edit().withRules(rules).build());
  }

  private static boolean told(Lane lane, Right right) {
    if (right.resource().endsWith("/status")) {
      // No condition can say that conditions cannot be written.
      return lane.operator().log().contains(right.inWords());
    }
    StorageInstance instance = lane.find(StorageInstance.class, Deeds.APP);
    return Stream.concat(
            Conditions.messages(instance),
            Deeds.migrations(lane).stream().flatMap(Conditions::messages))
        .filter(Objects::nonNull)
        .anyMatch(message -> message.contains(right.inWords()));
  }
}
