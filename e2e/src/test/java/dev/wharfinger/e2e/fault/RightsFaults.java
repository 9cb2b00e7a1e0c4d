package dev.wharfinger.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.Helm;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A move with one right less, which is given back later. */
@Execution(ExecutionMode.CONCURRENT)
class RightsFaults {
  private static final String ROLE = "wharfinger";

  private record Right(String resource, String verb) {}

  @TestFactory
  Stream<DynamicTest> T19_oneRightLess() {
    Role role =
        Helm.template("anywhere").stream()
            .filter(o -> o instanceof Role && o.getMetadata().getName().equals(ROLE))
            .map(Role.class::cast)
            .findFirst()
            .orElseThrow();
    List<Right> rights =
        role.getRules().stream()
            .flatMap(r ->
                r.getResources().stream()
                    .flatMap(s -> r.getVerbs().stream().map(v -> new Right(s, v))))
            // A running operator's watches go on, and a new one does not get ready without them.
            .filter(r -> !r.verb().equals("watch") && !r.resource().equals("events"))
            .toList();
    return Settings.some("T19", rights).stream()
        .map(right -> {
          String name = "T19_without " + right.verb() + " " + right.resource();
          return dynamicTest(name, Trial.of(name, lane -> without(lane, right)));
        });
  }

  private static void without(Lane lane, Right right) {
    Deeds.createSqlite(lane);
    Rest.await(lane);
    Role whole = lane.get(Role.class, ROLE);
    lane.history().happened("person", "takes away: " + right);
    change(lane, whole.getRules().stream().flatMap(r -> less(r, right)).toList());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Void> move = CompletableFuture.runAsync(() -> Deeds.move(lane), threads);
      lane.until(
          "it is done without that right, or a condition names it",
          Duration.ofSeconds(90),
          () -> move.isDone() || told(lane, right));
      lane.history().happened("person", "gives back: " + right);
      change(lane, whole.getRules());
      move.join();
    }
    Trial.endsAsWithout(lane, "T06_switch");
    assertThat(lane.world().moves()).isEqualTo(1);
  }

  private static void change(Lane lane, List<PolicyRule> rules) {
    lane.client()
        .rbac()
        .roles()
        .inNamespace(lane.namespace())
        .withName(ROLE)
        .edit(r -> r.edit().withRules(rules).build());
  }

  /** A rule without a right: what is left of its resource stands apart. */
  private static Stream<PolicyRule> less(PolicyRule rule, Right right) {
    if (!rule.getResources().contains(right.resource())
        || !rule.getVerbs().contains(right.verb())) {
      return Stream.of(rule);
    }
    List<String> others = new ArrayList<>(rule.getResources());
    others.remove(right.resource());
    List<String> verbs = new ArrayList<>(rule.getVerbs());
    verbs.remove(right.verb());
    return Stream.of(
            new PolicyRuleBuilder(rule).withResources(others).build(),
            new PolicyRuleBuilder(rule).withResources(right.resource()).withVerbs(verbs).build())
        .filter(r -> !r.getResources().isEmpty() && !r.getVerbs().isEmpty());
  }

  private static boolean told(Lane lane, Right right) {
    String words = "cannot %s resource \"%s\"".formatted(right.verb(), right.resource());
    StorageInstance instance = lane.find(StorageInstance.class, Deeds.APP);
    return Stream.concat(
            Conditions.messages(instance),
            Deeds.migrations(lane).stream().flatMap(Conditions::messages))
        .filter(Objects::nonNull)
        .anyMatch(message -> message.contains(words));
  }
}
