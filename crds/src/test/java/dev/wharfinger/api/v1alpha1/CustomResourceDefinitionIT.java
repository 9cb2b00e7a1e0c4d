package dev.wharfinger.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.ApiServerExtension;
import dev.wharfinger.testing.Crds;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The CRDs themselves against a real API server, which also adds up what their rules may cost. */
@ExtendWith(ApiServerExtension.class)
class CustomResourceDefinitionIT {

  @Test
  void applyingTwiceChangesNothing(KubernetesClient client) {
    Crds.apply(client);
    List<String> before = versions(client);

    Crds.apply(client);

    assertThat(versions(client)).isEqualTo(before);
  }

  /** Neither the rules' cost nor a missing structural schema is anything to complain about. */
  @Test
  void theApiServerFindsNothingWrong(KubernetesClient client) {
    for (CustomResourceDefinition crd : Crds.load()) {
      assertThat(client.resource(crd).get().getStatus().getConditions())
          .filteredOn(c ->
              List.of("NonStructuralSchema", "KubernetesAPIApprovalPolicyConformant")
                  .contains(c.getType()))
          .isEmpty();
      assertThat(client.resource(crd).get().getStatus().getConditions())
          .filteredOn(c -> List.of("NamesAccepted", "Established").contains(c.getType()))
          .allSatisfy(c -> assertThat(c.getStatus()).isEqualTo("True"))
          .hasSize(2);
    }
  }

  private static List<String> versions(KubernetesClient client) {
    return Crds.load().stream()
        .map(crd -> client.resource(crd).get().getMetadata().getResourceVersion())
        .toList();
  }
}
