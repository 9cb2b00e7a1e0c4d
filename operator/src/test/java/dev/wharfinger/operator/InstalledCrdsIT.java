package dev.wharfinger.operator;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.testing.ApiServer;
import dev.wharfinger.testing.Crds;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An operator that meets the CRDs of an older version says what to apply. */
class InstalledCrdsIT {
  @Test
  void whatTheClusterLacksIsNamed() {
    try (ApiServer server = ApiServer.start();
        KubernetesClient admin = server.client();
        KubernetesClient operator = server.clientOf("anywhere", "wharfinger")) {
      assertThatThrownBy(() -> InstalledCrds.demand(operator))
          .hasMessageContaining(
              "storagebackups, storageinstances, storagemigrations, storagerestores")
          .hasMessageContaining("kubectl apply --server-side");

      Crds.apply(admin);
      awaitAll(operator);

      Crds.load().stream()
          .filter(crd -> crd.getSpec().getNames().getKind().equals("StorageBackup"))
          .forEach(crd -> admin.resource(crd).delete());
      await("noticed")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThatThrownBy(() -> InstalledCrds.demand(operator))
                  .hasMessageContaining("does not know storagebackups of wharfinger.dev/v1alpha1"));

      Crds.apply(admin);
      awaitAll(operator);
    }
  }

  /** Discovery is a moment behind. */
  private static void awaitAll(KubernetesClient operator) {
    await("all kinds")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThatCode(() -> InstalledCrds.demand(operator)).doesNotThrowAnyException());
  }
}
