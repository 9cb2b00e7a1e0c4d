package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.BackupModel;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Job of a backup, compared with files. With {@code -Dgolden.write=true} they are written. */
class BackupJobGoldenTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final String BACKUP =
      "backup: {target: {persistentVolumeClaim: {size: 10Gi}}, timeout: 30m}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sqlite-pinned",
        "sqlite-idle",
        "postgresql-verified",
        "postgresql-files",
        "bucket",
        "bucket-of-aws"
      })
  void PIP_17_desiredJob(String name) throws IOException {
    String yaml = YAML.asYaml(desired(name));
    Path file = Path.of("src/test/resources/golden/backup", name + ".yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, yaml);
    }
    // As values: the order of labels is nobody's concern.
    assertThat(YAML.unmarshal(yaml, Map.class))
        .isEqualTo(YAML.unmarshal(Files.readString(file), Map.class));
  }

  @Test
  void namesFitIntoALabelHoweverLongTheBackupsIs() {
    StorageBackup longest = backup("a.b".repeat(80) + "c", "u1");
    assertThat(SetAddress.jobName(longest)).hasSizeLessThanOrEqualTo(63).matches("[a-z0-9-]+");
    assertThat(SetAddress.id(longest))
        .isNotEqualTo(SetAddress.id(backup(longest.getMetadata().getName(), "u2")))
        .isNotEqualTo(SetAddress.id(backup(longest.getMetadata().getName() + "d", "u1")));
  }

  private static Job desired(String name) {
    return switch (name) {
      case "sqlite-pinned" ->
          job(
              "backend: SQLite, sqlite: {databases: [a.db, b.db], optionalDatabases: [b.db], runAsUser: 1000}, "
                  + "backup: {target: {persistentVolumeClaim: {claimName: mine}}, extraPaths: [key, uploads],"
                  + " encryption: {recipients: [age1le4k3kxwaw5rrnlsmm2qmvnuxhn260llflppu2x2l49852ddta0qqphrs7]}}",
              Backend.SQLITE,
              new BackupJob.Whereabouts(
                  new Place(
                      "node-1",
                      List.of(
                          new TolerationBuilder()
                              .withKey("dedicated")
                              .withOperator("Exists")
                              .build())),
                  false));
      case "postgresql-files" ->
          job(
              "backend: PostgreSQL, sqlite: {databases: [a.db, b.db], runAsUser: 1000}, backup: {target:"
                  + " {persistentVolumeClaim: {size: 10Gi}}, extraPaths: [key, uploads]}",
              Backend.POSTGRESQL,
              new BackupJob.Whereabouts(new Place("node-1", List.of()), false));
      case "sqlite-idle" ->
          job("backend: SQLite, " + BACKUP, Backend.SQLITE, new BackupJob.Whereabouts(null, true));
      case "bucket" ->
          job(
              "backend: PostgreSQL, ssl: {mode: verify-full}, backup: {target: {s3: {endpoint: \"https://s3.example.com\","
                  + " region: eu-central-1, bucket: sets, prefix: cluster-1, pathStyle: true, credentialsSecretRef: {name:"
                  + " keys, accessKeyIdKey: id, secretAccessKeyKey: secret, sessionTokenKey: token}, caSecretRef: {name:"
                  + " authority, key: root.crt}}}}",
              Backend.POSTGRESQL,
              new BackupJob.Whereabouts(null, false));
      case "bucket-of-aws" ->
          job(
              "backend: SQLite, backup: {target: {s3: {bucket: sets, credentialsSecretRef: {name: keys}}}}",
              Backend.SQLITE,
              new BackupJob.Whereabouts(null, false));
      default ->
          job(
              "backend: PostgreSQL, ssl: {mode: verify-full}, " + BACKUP,
              Backend.POSTGRESQL,
              new BackupJob.Whereabouts(null, false));
    };
  }

  private static Job job(String spec, Backend backend, BackupJob.Whereabouts data) {
    StorageInstance instance =
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: notes, namespace: shop, uid: uid-1}
            spec: {%s}
            """
                .formatted(spec));
    StorageBackup backup = backup("before.upgrade", "uid-2");
    BackupModel options = Objects.requireNonNull(BackupModel.of(instance));
    return BackupJob.desired(
        backup,
        InstanceModel.of(instance, RunningOperator.config("shop")).trusting("(certificates)"),
        options,
        new BackupDecision(
            backup.getMetadata().getUid(),
            SetAddress.of(backup, instance, new ActiveBackend(backend, 3)),
            options.target()),
        data);
  }

  private static StorageBackup backup(String name, String uid) {
    return Yaml.read(
        StorageBackup.class,
        """
        apiVersion: wharfinger.dev/v1alpha1
        kind: StorageBackup
        metadata: {name: %s, namespace: shop, uid: %s}
        spec: {instanceRef: {name: notes}}
        """
            .formatted(name, uid));
  }
}
