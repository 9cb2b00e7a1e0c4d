package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.List;

/** What the server's pod mounts; its claim comes from the StatefulSet. */
final class PostgresqlVolumes {
  /** Owned by root and readable for the server's group, as PostgreSQL demands of a key. */
  private static final int KEY_MODE = 0640;

  private PostgresqlVolumes() {}

  static List<Volume> of(PostgresqlServer server) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName(PostgresqlPod.CONFIG)
            .withNewConfigMap()
            .withName(server.name())
            .endConfigMap()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName(PostgresqlPod.CREDENTIALS)
            .withNewSecret()
            .withSecretName(server.credentials())
            .endSecret()
            .build());
    if (server.tls() != ServerTls.OFF) {
      volumes.add(certificate(server));
    }
    volumes.add(emptyDir(PostgresqlPod.RUN));
    volumes.add(emptyDir(PostgresqlPod.TMP));
    if (server.scratch()) {
      volumes.add(emptyDir(PostgresqlPod.DATA));
    }
    return volumes;
  }

  private static Volume certificate(PostgresqlServer server) {
    return new VolumeBuilder()
        .withName(PostgresqlPod.TLS)
        .withNewSecret()
        .withSecretName(server.certificate())
        .withDefaultMode(KEY_MODE)
        .addNewItem()
        .withKey("tls.crt")
        .withPath("tls.crt")
        .endItem()
        .addNewItem()
        .withKey("tls.key")
        .withPath("tls.key")
        .endItem()
        .endSecret()
        .build();
  }

  private static Volume emptyDir(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }
}
