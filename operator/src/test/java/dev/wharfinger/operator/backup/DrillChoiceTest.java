package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus;
import dev.wharfinger.api.v1alpha1.StorageBackupStatus.Totals;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.job.DrillSource;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which sets can be tried, and what their Jobs are given. */
class DrillChoiceTest {
  private static final long GIB = 1L << 30;
  private static final List<String> CLEAR = List.of();
  private static final List<String> SEALED = List.of("age1key");

  @Test
  void aSetInClearIsGivenTwiceWhatItTakes() {
    assertThat(source("{}", "SQLite", CLEAR, 3 * GIB, GIB))
        .isEqualTo(
            new DrillSource(
                "notes-backups",
                null,
                "shop.notes/uid-1/sqlite-1",
                "one",
                new Quantity("8192Mi"),
                null,
                "identity",
                Duration.ofMinutes(90)));
    assertThat(source("{}", "SQLite", CLEAR, 1, 1).room()).isEqualTo(new Quantity("1024Mi"));
  }

  @Test
  void whatIsSaidHoldsAndAKeyIsShownToEncryptedSetsAlone() {
    String drill = "{sizeLimit: 7Gi, identitySecretRef: {name: age, key: k}}";
    assertThat(source(drill, "SQLite", SEALED, GIB, GIB))
        .returns(new Quantity("7Gi"), DrillSource::room)
        .returns("age", DrillSource::identity)
        .returns("k", DrillSource::identityKey);
    assertThat(source(drill, "SQLite", CLEAR, GIB, GIB).identity()).isNull();
  }

  @Test
  void whatCannotBeTriedIsSaidWithTheWayOut() {
    assertThat(choice("{}", "SQLite", SEALED, 1, 1).impossible())
        .contains("backup.drill.identitySecretRef");
    assertThat(choice("{}", "PostgreSQL", CLEAR, 1, 1).impossible())
        .contains("PostgreSQL", "command drill");
  }

  private static DrillSource source(
      String drill, String backend, List<String> recipients, long bytes, long stored) {
    return Objects.requireNonNull(choice(drill, backend, recipients, bytes, stored).source());
  }

  private static DrillChoice choice(
      String drill, String backend, List<String> recipients, long bytes, long stored) {
    StorageInstance instance =
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: notes, namespace: shop, uid: uid-1}
            spec: {backend: SQLite, backup: {target: {persistentVolumeClaim: {size: 1Gi}}, timeout: 30m, drill: %s}}
            """
                .formatted(drill));
    return DrillChoice.of(
        instance,
        Objects.requireNonNull(DrillPolicy.of(instance)),
        backup(backend, recipients, new Totals(1, 1, 1, 0, bytes, stored)));
  }

  private static StorageBackup backup(String backend, List<String> recipients, Totals totals) {
    StorageBackup backup =
        Yaml.read(
            StorageBackup.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageBackup
            metadata: {name: notes-1, namespace: shop, uid: uid-2}
            spec: {instanceRef: {name: notes}}
            """);
    BackupResult ended =
        BackupResult.end(
            BackupPhase.COMPLETED,
            "Completed",
            "m",
            new StorageBackupStatus(
                null,
                null,
                backend,
                StorageBackupStatus.Target.onClaim("notes-backups", "shop.notes/uid-1/sqlite-1"),
                "one",
                null,
                null,
                "2026-11-22T02:00:00Z",
                null,
                totals,
                recipients.isEmpty() ? null : recipients,
                null,
                null,
                null));
    backup
        .getMetadata()
        .setAnnotations(
            Map.of(
                Annotations.ENDED,
                BackupPhase.COMPLETED.value(),
                Annotations.BACKUP_OF,
                "uid-2",
                Annotations.BACKUP_RESULT,
                ended.json()));
    return backup;
  }
}
