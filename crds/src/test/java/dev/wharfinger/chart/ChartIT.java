package dev.wharfinger.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.wharfinger.testing.Helm;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the chart renders, and what it refuses to render. */
class ChartIT {
  private static final String NAMESPACE = "wharfinger-system";

  @Test
  void lintFindsNothing() {
    assertThat(Helm.lint()).contains("0 chart(s) failed");
  }

  @Test
  void nothingReachesBeyondTheNamespaces() {
    List<HasMetadata> all =
        Helm.template(
            NAMESPACE,
            "--set",
            "watchNamespaces={a,b},networkPolicy.enabled=true,metrics.service.enabled=true,podDisruptionBudget.enabled=true");

    assertThat(all).allSatisfy(o -> assertThat(o.getMetadata().getNamespace()).isNotBlank());
    assertThat(all)
        .extracting(HasMetadata::getKind)
        .doesNotContain("ClusterRole", "ClusterRoleBinding");
    assertThat(namespacesOf(all, "wharfinger")).containsExactlyInAnyOrder("a", "b");
    assertThat(namespacesOf(all, "wharfinger-data-deletion")).containsExactlyInAnyOrder("a", "b");
    assertThat(namespacesOf(all, "wharfinger-leader-election")).containsExactly(NAMESPACE);
  }

  @Test
  void theOperatorIsToldWhatItServes() {
    Map<String, String> env = environment("--set", "watchNamespaces={b,a}", "--set", "image.tag=x");

    assertThat(env)
        .containsEntry("WHARFINGER_WATCH_NAMESPACES", "a,b")
        .containsEntry("WHARFINGER_IMAGE", "registry.local/wharfinger:x")
        .containsEntry("WHARFINGER_ALLOW_SCHEMA_COMMANDS", "false")
        .containsEntry("WHARFINGER_CONNECTION_CHECK_MINUTES", "0")
        .containsEntry("WHARFINGER_LEADER_ELECTION", "true")
        .containsEntry("WHARFINGER_MANAGEMENT_PORT", "8080");
    assertThat(environment()).containsEntry("WHARFINGER_WATCH_NAMESPACES", NAMESPACE);
  }

  @Test
  void aVersionIsTakenOutOfTheCatalogueByNull() {
    Map<String, String> env =
        environment(
            "--set",
            "postgresql.images.15=null,postgresql.images.18=null",
            "--set",
            "postgresql.images.17.image=registry.local/postgres:17,postgresql.images.17.uid=101");

    assertThat(env)
        .containsEntry(
            "WHARFINGER_POSTGRES_IMAGES",
            "{\"17\":{\"gid\":999,\"image\":\"registry.local/postgres:17\",\"uid\":101}}");
  }

  @Test
  void pullSecretsAreForTheOperatorAndForWhatItMakes() {
    String[] secrets = {"--set", "imagePullSecrets={registry,mirror}"};

    assertThat(deployment(secrets).getSpec().getTemplate().getSpec().getImagePullSecrets())
        .extracting(LocalObjectReference::getName)
        .containsExactly("registry", "mirror");
    assertThat(environment(secrets))
        .containsEntry("WHARFINGER_IMAGE_PULL_SECRETS", "registry,mirror");
    assertThat(environment()).containsEntry("WHARFINGER_IMAGE_PULL_SECRETS", "");
    assertRefused("/imagePullSecrets", "--set", "imagePullSecrets={Not_A_Name}");
  }

  @Test
  void aDigestWinsOverTheTag() {
    String digest = "sha256:" + "0".repeat(64);

    assertThat(environment("--set", "image.digest=" + digest))
        .containsEntry("WHARFINGER_IMAGE", "registry.local/wharfinger@" + digest);
  }

  @Test
  void withoutALeaseTheOldPodStopsFirst() {
    assertThat(deployment().getSpec().getStrategy()).isNull();
    assertThat(
            deployment("--set", "leaderElection.enabled=false").getSpec().getStrategy().getType())
        .isEqualTo("Recreate");
    assertRefused(
        "replicas above 1 need leaderElection.enabled: true",
        "--set",
        "replicas=2,leaderElection.enabled=false");
  }

  @Test
  void valuesThatAreNotKnownAreRefused() {
    assertRefused("watchNamespace", "--set", "watchNamespace=a");
    assertRefused("allowCommands", "--set", "schemaMigrations.allowCommands=true");
    assertRefused("/postgresql/images", "--set", "postgresql.images.17.digest=x");
    assertRefused("/watchNamespaces", "--set", "watchNamespaces={Not_A_Name}");
    assertRefused("/replicas", "--set", "replicas=many");
  }

  private static void assertRefused(String word, String... arguments) {
    assertThatIllegalStateException()
        .isThrownBy(() -> Helm.template(NAMESPACE, arguments))
        .withMessageContaining(word);
  }

  private static List<String> namespacesOf(List<HasMetadata> all, String roleBinding) {
    return all.stream()
        .filter(o -> o instanceof RoleBinding && o.getMetadata().getName().equals(roleBinding))
        .map(o -> o.getMetadata().getNamespace())
        .toList();
  }

  private static Map<String, String> environment(String... arguments) {
    Container container =
        deployment(arguments).getSpec().getTemplate().getSpec().getContainers().get(0);
    return container.getEnv().stream()
        .filter(e -> e.getValue() != null)
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  private static Deployment deployment(String... arguments) {
    return Helm.template(NAMESPACE, arguments).stream()
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
