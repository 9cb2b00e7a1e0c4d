package dev.wharfinger.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.testing.Yaml;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a StorageBackup tells of itself. */
class BackupRecordTest {
  private static final String LABELS =
      "{app.kubernetes.io/managed-by: wharfinger, app.kubernetes.io/instance: notes, wharfinger.dev/instance-uid: u,"
          + " wharfinger.dev/backup-slot: %s, wharfinger.dev/backup-attempt: \"%s\"}";

  private static final String NAME = "notes-s-20261122t020000z";

  @Test
  void oneOfAScheduleTellsItsSlot() {
    assertThat(record(NAME + "-2", LABELS.formatted("20261122t020000z", "2"), "{}"))
        .returns(new Slot(Instant.parse("2026-11-22T02:00:00Z")), BackupRecord::slot)
        .returns(2, BackupRecord::attempt)
        .returns(null, BackupRecord::ended)
        .returns(Instant.parse("2026-11-22T02:00:03Z"), BackupRecord::end)
        .returns(BackupSet.State.UNFINISHED, r -> r.set().state());
  }

  @Test
  void whatSomebodyElseWroteThereIsNoSlot() {
    assertThat(record(NAME, "{wharfinger.dev/backup-slot: 20261122t020000z}", "{}").slot())
        .isNull();
    assertThat(record(NAME, LABELS.formatted("tonight", "1"), "{}").slot()).isNull();
    assertThat(record(NAME, LABELS.formatted("20261122t020000z", "-1"), "{}").attempt())
        .isEqualTo(1);
  }

  @Test
  void aCopyUnderAnotherNameIsOfNoSlot() {
    String labels = LABELS.formatted("20261122t020000z", "1");
    assertThat(record(NAME, labels, "{}").slot()).isNotNull();
    assertThat(record("copy", labels, "{}").slot()).isNull();
    assertThat(record(NAME + "-2", labels, "{}").slot()).isNull();
  }

  @Test
  void ofASetWhoseRecordWasSpoiledNothingIsConcluded() {
    assertThat(
            record(
                "b",
                "{}",
                "{wharfinger.dev/ended: Completed, wharfinger.dev/backup-of: u2, wharfinger.dev/backup-result: x}"))
        .returns(null, BackupRecord::consistentAt)
        .returns(BackupSet.State.LOST, r -> r.set().state());
  }

  private static BackupRecord record(String name, String labels, String annotations) {
    return BackupRecord.of(
        Yaml.read(
            StorageBackup.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageBackup
            metadata: {name: %s, namespace: shop, uid: u2, creationTimestamp: "2026-11-22T02:00:03Z", labels: %s,
              annotations: %s}
            spec: {instanceRef: {name: notes}}
            """
                .formatted(name, labels, annotations)));
  }
}
