package dev.wharfinger.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.testing.ApiServer;
import dev.wharfinger.testing.ApiServerExtension;
import dev.wharfinger.testing.Helm;
import dev.wharfinger.testing.Repository;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the installed operator may do, as rendered and as a real API server decides it. */
@ExtendWith(ApiServerExtension.class)
class RightsIT {
  private static final String NAMESPACE = "rights";
  private static List<HasMetadata> installed;

  @BeforeAll
  static void install(KubernetesClient client) {
    for (String name : List.of(NAMESPACE, "served", "other")) {
      client
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                  .endMetadata()
                  .build())
          .create();
    }
    installed =
        Helm.template(
            NAMESPACE,
            "--set",
            "watchNamespaces={served},networkPolicy.enabled=true,metrics.service.enabled=true,podDisruptionBudget.enabled=true");
    installed.forEach(object -> client.resource(object).serverSideApply());
  }

  /** Every verb is a decision: whoever adds one changes the file beside this test too. */
  @Test
  void verbsAreThoseOfTheGoldenFile() throws IOException {
    String golden =
        Files.readString(Repository.crds().resolve("src/test/resources/chart/verbs.txt"));

    assertThat(
            installed.stream()
                .filter(Role.class::isInstance)
                .map(Role.class::cast)
                .flatMap(RightsIT::lines)
                .sorted()
                .collect(Collectors.joining("\n", "", "\n")))
        .isEqualTo(golden);
  }

  @Test
  void theOperatorWorksInServedNamespacesOnly(ApiServer server) {
    try (KubernetesClient operator = server.clientOf(NAMESPACE, "wharfinger")) {
      assertThat(operator.resources(Secret.class).inNamespace("served").list().getItems())
          .isEmpty();

      assertThatThrownBy(() -> operator.resources(Secret.class).inNamespace("other").list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");
      assertThatThrownBy(() -> operator.resources(Secret.class).inNamespace(NAMESPACE).list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");
      assertThatThrownBy(() -> operator.resources(Secret.class).inAnyNamespace().list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");
    }
  }

  @Test
  void theOperatorPodIsWithinPodSecurityRestricted(KubernetesClient client) {
    PodTemplateSpec template =
        installed.stream()
            .filter(Deployment.class::isInstance)
            .map(d -> ((Deployment) d).getSpec().getTemplate())
            .findFirst()
            .orElseThrow();
    Pod pod =
        new PodBuilder()
            .withMetadata(template.getMetadata())
            .editMetadata()
            .withName("operator")
            .endMetadata()
            .withSpec(template.getSpec())
            .build();

    assertThat(client.resource(pod).inNamespace(NAMESPACE).create().getSpec().getContainers())
        .allSatisfy(c -> assertThat(c.getSecurityContext().getReadOnlyRootFilesystem()).isTrue());
  }

  @Test
  void volumesCanBeDeletedOnlyWhereTheAdministratorAllowsIt() {
    List<HasMetadata> without = Helm.template(NAMESPACE, "--set", "allowDataDeletion=false");

    assertThat(
            without.stream()
                .filter(Role.class::isInstance)
                .map(Role.class::cast)
                .flatMap(role -> role.getRules().stream())
                .filter(rule -> rule.getVerbs().contains("delete"))
                .flatMap(rule -> rule.getResources().stream()))
        .containsExactlyInAnyOrder("jobs", "statefulsets");
  }

  private static Stream<String> lines(Role role) {
    return role.getRules().stream()
        .flatMap(rule ->
            rule.getApiGroups().stream()
                .flatMap(group ->
                    rule.getResources().stream()
                        .map(resource ->
                            "%s: %s%s%s %s"
                                .formatted(
                                    role.getMetadata().getName(),
                                    resource,
                                    group.isEmpty() ? "" : "." + group,
                                    rule.getResourceNames().isEmpty()
                                        ? ""
                                        : "/" + String.join(",", rule.getResourceNames()),
                                    rule.getVerbs().stream()
                                        .sorted()
                                        .collect(Collectors.joining(" "))))));
  }
}
