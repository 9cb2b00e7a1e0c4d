package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProvisioningIT {
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("provisioning");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  /** CLB-01 too. */
  @Test
  void PHX_02_anEmptySpecYieldsAVolumeAndABinding() {
    stage.create("empty", "{}");
    StorageInstance ready = stage.awaitReady("empty");

    assertThat(ready.getStatus().backend()).isEqualTo(Backend.SQLITE);
    assertThat(ready.getStatus().binding())
        .isEqualTo(new StorageInstanceStatus.BindingStatus("empty-binding"));
    PersistentVolumeClaim claim = stage.get(PersistentVolumeClaim.class, "empty-data");
    assertThat(claim.getMetadata().getOwnerReferences()).isEmpty();
    assertThat(claim.getMetadata().getAnnotations()).containsEntry("wharfinger.dev/epoch", "1");
    assertThat(secret("empty-binding", "uri")).isEqualTo("sqlite:////data/empty.db");
    assertThat(stage.client().resources(Job.class).inNamespace(stage.namespace()).list().getItems())
        .filteredOn(j -> j.getMetadata().getName().startsWith("empty-init-"))
        .hasSize(1);
    // PHX-06, PHX-27: no server, no Service, no password.
    assertThat(stage.find(StatefulSet.class, "empty-postgresql")).isNull();
    assertThat(stage.find(Service.class, "empty-postgresql")).isNull();
    assertThat(stage.find(Secret.class, "empty-credentials")).isNull();
  }

  /** OXY-04, PIP-06 and CLO-13 too. */
  @Test
  void PHX_08_aServerForTheSameResource() {
    stage.create("server", "{backend: PostgreSQL, postgresql: {database: shop}}");
    StorageInstance ready = stage.awaitReady("server");

    assertThat(ready.getStatus().backend()).isEqualTo(Backend.POSTGRESQL);
    assertThat(stage.get(StatefulSet.class, "server-postgresql").getSpec().getReplicas())
        .isEqualTo(1);
    Secret credentials = stage.get(Secret.class, "server-credentials");
    assertThat(credentials.getMetadata().getOwnerReferences()).isEmpty();
    PersistentVolumeClaim claim =
        stage.get(PersistentVolumeClaim.class, "data-server-postgresql-0");
    assertThat(claim.getMetadata().getAnnotations()).containsEntry("wharfinger.dev/epoch", "1");
    assertThat(stage.get(ConfigMap.class, "server-postgresql").getData())
        .containsEntry("initialized", claim.getMetadata().getUid());
    assertThat(stage.get(Service.class, "server-postgresql-headless").getSpec().getClusterIP())
        .isEqualTo("None");
    assertThat(secret("server-binding", "uri"))
        .isEqualTo(
            "postgresql://shop:%s@server-postgresql.%s.svc:5432/shop"
                .formatted(secret("server-credentials", "password"), stage.namespace()));
    assertThat(stage.find(PersistentVolumeClaim.class, "server-data")).isNull();
  }

  @Test
  void CLO_08_inMemoryHasNoVolume() {
    stage.create("memory", "{sqlite: {inMemory: true}}");
    stage.awaitReady("memory");

    assertThat(secret("memory-binding", "uri")).isEqualTo("sqlite:///:memory:");
    assertThat(stage.find(PersistentVolumeClaim.class, "memory-data")).isNull();
  }

  private static String secret(String name, String key) {
    return new String(
        Base64.getDecoder().decode(stage.get(Secret.class, name).getData().get(key)),
        StandardCharsets.UTF_8);
  }
}
