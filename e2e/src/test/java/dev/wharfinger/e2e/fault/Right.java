package dev.wharfinger.e2e.fault;

import dev.wharfinger.testing.Helm;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One verb on one resource, which a Role of the chart gives. */
record Right(String role, String group, String resource, String verb) {
  /** The Role by which the operator works. */
  static final String WORK = "wharfinger";

  /** The Role by which it deletes data. */
  static final String DELETION = "wharfinger-data-deletion";

  /** All that a Role of the chart gives. */
  static List<Right> of(String role) {
    return Helm.template("anywhere").stream()
        .filter(o -> o instanceof Role && o.getMetadata().getName().equals(role))
        .map(Role.class::cast)
        .flatMap(r -> r.getRules().stream())
        .flatMap(rule -> of(role, rule))
        .toList();
  }

  private static Stream<Right> of(String role, PolicyRule rule) {
    return rule.getApiGroups().stream()
        .flatMap(group ->
            rule.getResources().stream()
                .flatMap(resource ->
                    rule.getVerbs().stream().map(verb -> new Right(role, group, resource, verb))));
  }

  Right withVerb(String another) {
    return new Right(role, group, resource, another);
  }

  /** How the API server says that it is missing. */
  String inWords() {
    return "cannot %s resource \"%s\"".formatted(verb, resource);
  }

  /** What a rule gives without it: what is left of its resource stands apart. */
  Stream<PolicyRule> less(PolicyRule rule) {
    if (!rule.getApiGroups().contains(group)
        || !rule.getResources().contains(resource)
        || !rule.getVerbs().contains(verb)) {
      return Stream.of(rule);
    }
    List<String> others = new ArrayList<>(rule.getResources());
    others.remove(resource);
    List<String> verbs = new ArrayList<>(rule.getVerbs());
    verbs.remove(verb);
    return Stream.of(
            new PolicyRuleBuilder(rule).withResources(others).build(),
            new PolicyRuleBuilder(rule).withResources(resource).withVerbs(verbs).build())
        .filter(r -> !r.getResources().isEmpty() && !r.getVerbs().isEmpty());
  }

  @Override
  public String toString() {
    return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
  }
}
