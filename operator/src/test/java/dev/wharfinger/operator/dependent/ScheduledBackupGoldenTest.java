package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.BackupTurn.Make;
import dev.wharfinger.operator.backup.BackupTurn.Trigger;
import dev.wharfinger.operator.backup.Slot;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** StorageBackups of a schedule, compared with files; {@code -Dgolden.write=true} writes them. */
class ScheduledBackupGoldenTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  @ParameterizedTest
  @ValueSource(strings = {"scheduled", "scheduled-late", "scheduled-again"})
  void PIP_20_desiredStorageBackup(String name) throws IOException {
    StorageInstance instance =
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: notes, namespace: shop, uid: uid-1}
            spec: {}
            """);
    Slot slot = new Slot(Instant.parse("2026-11-22T02:00:00Z"));
    Make make =
        switch (name) {
          case "scheduled" -> new Make(slot, 1, Trigger.SCHEDULED, 0);
          case "scheduled-late" -> new Make(slot, 1, Trigger.CATCH_UP, 13);
          default -> new Make(slot, 2, Trigger.RETRY, 0);
        };
    String yaml = YAML.asYaml(ScheduledBackup.desired(instance, make));
    Path file = Path.of("src/test/resources/golden/backup", name + ".yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, yaml);
    }
    assertThat(YAML.unmarshal(yaml, Map.class))
        .isEqualTo(YAML.unmarshal(Files.readString(file), Map.class));
  }
}
