package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.wharfinger.testing.Cluster;
import dev.wharfinger.testing.GoldenCases;
import dev.wharfinger.testing.GoldenObjects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every pod we cause is let in where Pod Security {@code restricted} is enforced. */
class PodSecurityIT {
  private static String namespace;

  @BeforeAll
  static void open() {
    namespace = Cluster.shared().namespace("restricted");
  }

  @TestFactory
  Stream<DynamicTest> OXY_44_everyPodIsRestricted() {
    return GoldenCases.all().stream()
        .flatMap(golden ->
            GoldenObjects.of(golden).stream()
                .filter(o -> o instanceof Job || o instanceof StatefulSet)
                .map(o ->
                    DynamicTest.dynamicTest(
                        golden.getFileName() + " " + o.getKind(), () -> letIn(golden, o))));
  }

  /** A StatefulSet's controller adds the claim's volume. */
  private static PodSpec withVolume(PodSpec pod, HasMetadata object) {
    return object instanceof StatefulSet
        ? pod.edit()
            .addNewVolume()
            .withName("data")
            .withNewPersistentVolumeClaim("data-0", false)
            .endVolume()
            .build()
        : pod;
  }

  private static void letIn(Path golden, HasMetadata object) {
    PodTemplateSpec template =
        object instanceof Job job
            ? job.getSpec().getTemplate()
            : ((StatefulSet) object).getSpec().getTemplate();
    KubernetesClient client = Cluster.shared().client();
    assertThatCode(() ->
            client
                .resource(
                    new PodBuilder()
                        .withNewMetadata()
                        .withName(golden.getFileName() + "-pod")
                        .withNamespace(namespace)
                        .withLabels(template.getMetadata().getLabels())
                        .endMetadata()
                        .withSpec(withVolume(template.getSpec(), object))
                        .build())
                .dryRun()
                .create())
        .doesNotThrowAnyException();
  }
}
