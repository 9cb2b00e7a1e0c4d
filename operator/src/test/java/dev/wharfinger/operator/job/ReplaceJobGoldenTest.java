package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.RestoreSource;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Jobs of a restore in place, compared with files; {@code -Dgolden.write=true} writes them. */
class ReplaceJobGoldenTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  @ParameterizedTest
  @EnumSource(RestoreRole.class)
  void PIP_22_desiredJob(RestoreRole role) throws IOException {
    String yaml = YAML.asYaml(desired(role));
    Path file = Path.of("src/test/resources/golden/replace", role.word() + ".yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, yaml);
    }
    // As values: the order of labels is nobody's concern.
    assertThat(YAML.unmarshal(yaml, Map.class))
        .isEqualTo(YAML.unmarshal(Files.readString(file), Map.class));
  }

  private static Job desired(RestoreRole role) {
    StorageInstance instance =
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: diary, namespace: shop, uid: instance-uid}
            spec: {backend: SQLite, sqlite: {databases: [a.db, b.db], optionalDatabases: [b.db], runAsUser: 1000}}
            """);
    StorageRestore restore =
        Yaml.read(
            StorageRestore.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageRestore
            metadata: {name: back, namespace: shop, uid: restore-uid}
            spec: {instanceRef: {name: diary}, from: {backupName: monday}}
            """);
    ReplaceJob jobs =
        new ReplaceJob(InstanceModel.of(instance, RunningOperator.config("shop")), restore);
    List<Toleration> tolerations =
        List.of(new TolerationBuilder().withKey("only").withOperator("Exists").build());
    return role == RestoreRole.STAGE
        ? jobs.stage(
            new RestoreSource(
                "instance-uid",
                "sets",
                null,
                "shop.diary/u/sqlite-1",
                "one",
                "age",
                "identity",
                null),
            List.of("a.db"),
            tolerations)
        : jobs.swap(List.of("a.db", "b.db"), tolerations);
  }
}
