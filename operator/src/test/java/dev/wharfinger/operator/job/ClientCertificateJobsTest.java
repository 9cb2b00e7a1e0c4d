package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Command;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.SchemaModel;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PHX-14: every Job that connects to an external server shows it the application's certificate. */
class ClientCertificateJobsTest {
  private static final ActiveBackend ACTIVE = new ActiveBackend(Backend.POSTGRESQL, 1);
  private static final String SHOWN =
      "?sslmode=require&sslcert=/client/tls.crt&sslkey=/client/tls.key";

  @Test
  void PHX_14_whoReadsTheRevisionHasIt() {
    PodSpec pod =
        RevisionJob.desired("revision", model(), ACTIVE, null).getSpec().getTemplate().getSpec();

    assertThat(pod.getContainers().getFirst().getArgs()).anyMatch(a -> a.endsWith(SHOWN));
    assertThat(mounts(pod.getContainers().getFirst())).contains("client at /client");
    requireSecret(pod, "client");
  }

  /** The command's own container has what its Deployment mounts, and nothing of this. */
  @Test
  void PHX_14_besideTheCommandTheRunnerAloneHasIt() {
    Deployment consumer =
        Yaml.read(
            Deployment.class,
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: orders}
            spec:
              template:
                spec:
                  containers:
                    - name: app
                      image: registry.example/orders:1
                      envFrom: [{secretRef: {name: orders-binding}}]
            """);
    PodSpec theirs = consumer.getSpec().getTemplate().getSpec();
    SchemaModel schema =
        new SchemaModel(
            ACTIVE,
            null,
            List.of(),
            new Command(List.of("alembic", "upgrade", "head"), null, null),
            true,
            true,
            false,
            false);
    PodSpec pod =
        StandingCommandJob.desired(model(), schema, theirs, theirs.getContainers().getFirst(), null)
            .getSpec()
            .getTemplate()
            .getSpec();

    Container runner = pod.getContainers().getFirst();
    assertThat(runner.getArgs()).anyMatch(a -> a.endsWith(SHOWN));
    assertThat(mounts(runner)).contains("wharfinger-client at /client");
    assertThat(pod.getInitContainers())
        .isNotEmpty()
        .allSatisfy(c -> assertThat(mounts(c)).noneMatch(m -> m.endsWith(" at /client")));
    requireSecret(pod, "wharfinger-client");
  }

  /** libpq and JDBC's driver refuse a key that others may read; the pod's group is the runner's. */
  private static void requireSecret(PodSpec pod, String name) {
    SecretVolumeSource secret =
        pod.getVolumes().stream()
            .filter(v -> v.getName().equals(name))
            .map(Volume::getSecret)
            .findFirst()
            .orElseThrow();
    assertThat(secret.getSecretName()).isEqualTo("orders-client");
    assertThat(secret.getDefaultMode()).isEqualTo(0440);
    assertThat(secret.getItems())
        .extracting(KeyToPath::getKey, KeyToPath::getPath)
        .containsExactly(tuple("tls.crt", "tls.crt"), tuple("key.pem", "tls.key"));
    assertThat(pod.getSecurityContext().getFsGroup()).isNotNull();
  }

  private static List<String> mounts(Container container) {
    return container.getVolumeMounts().stream()
        .map((VolumeMount m) -> m.getName() + " at " + m.getMountPath())
        .toList();
  }

  private static InstanceModel model() {
    InstanceModel model =
        InstanceModel.of(
            Yaml.read(
                StorageInstance.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageInstance
                metadata: {name: orders, namespace: shop, uid: 5a3c}
                spec:
                  backend: PostgreSQL
                  ssl: {mode: require}
                  postgresql:
                    external:
                      host: db.example.com
                      database: orders
                      credentialsSecretRef: {name: orders-client}
                      clientCertificateSecretRef: {name: orders-client, privateKeyKey: key.pem}
                """),
            RunningOperator.config("shop"));
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName("orders-client")
            .withUid("1")
            .withResourceVersion("1")
            .endMetadata()
            .addToData("username", SecretText.encode("app"))
            .addToData("tls.crt", SecretText.encode("CERTIFICATE"))
            .addToData("key.pem", SecretText.encode("KEY"))
            .build();
    return model.at(ExternalServer.of(model, name -> secret));
  }
}
