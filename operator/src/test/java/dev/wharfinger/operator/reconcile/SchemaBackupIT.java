package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.MovedClock;
import dev.wharfinger.testing.SchemaStage;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The backup of PostgreSQL before its schema is migrated. */
class SchemaBackupIT {
  private final MovedClock clock = new MovedClock();
  private SchemaStage schema;
  private BackupStage backups;

  @BeforeEach
  void open() {
    schema = SchemaStage.open("saved", clock);
    backups = new BackupStage(schema.stage());
  }

  @AfterEach
  void close() {
    schema.close();
  }

  @Test
  void CLB_04_CLB_25_aBackupOfPostgreSQLComesBeforeAndIsNamedWhereItFailed() {
    create("saved");
    String name = backup("saved", List.of());
    assertThat(backups.get(name).getMetadata().getOwnerReferences()).isEmpty();
    assertThat(schema.jobs("saved")).isEmpty();
    schema.awaitCondition("saved", "False", "SchemaMigrating");
    assertThat(schema.message("saved", "SchemaMigrated")).contains("StorageBackup " + name);
    backups.completes(backups.job(name), clock.instant());
    backups.await(name, BackupPhase.COMPLETED, "Completed");
    schema.stage().restart();
    schema.stage().touch("saved", 1);
    Job job = schema.job("saved");
    assertThat(names("saved")).containsExactly(name);
    schema.first(job, "schema", 1, "what this means nobody knows");
    schema.ends(job, false);
    assertThat(schema.stage().awaitStalled("saved", "SchemaMigrationFailed"))
        .contains("what this means nobody knows", "set of StorageBackup " + name)
        .doesNotContain("Suspicious");

    // Another Job has another backup, and without a set there is none.
    schema.annotate("saved", "migrate-schema", "again");
    String next = backup("saved", List.of(name));
    backups.fails(
        backups.job(next), "refused", "no-client", "pg_dump of that major is not in the image");
    backups.await(next, BackupPhase.FAILED, "BackupRefused");
    schema.stage().touch("saved", 2);
    assertThat(schema.stage().awaitStalled("saved", "BackupFailed")).contains(next);
    assertThat(schema.jobs("saved"))
        .singleElement()
        .returns(job.getMetadata().getUid(), j -> j.getMetadata().getUid());
  }

  /** What the application wrote in the days between is in no set of before. */
  @Test
  void aSetOfDaysAgoIsNotTheOneOfBefore() {
    create("back");
    String first = backup("back", List.of());
    backups.completes(backups.job(first), clock.instant());
    backups.await(first, BackupPhase.COMPLETED, "Completed");
    schema.stage().touch("back", 0);
    Job job = schema.job("back");
    succeeds(job);
    schema.stage().awaitReady("back");

    // The next image is taken back while its backup is being made.
    schema.application("back", "registry.example/app:2");
    schema.stage().touch("back", 1);
    String unused = backup("back", List.of(first));
    Job making = backups.job(unused);
    schema.application("back", "registry.example/app:1");
    schema.stage().touch("back", 2);
    backups.completes(making, clock.instant());
    backups.await(unused, BackupPhase.COMPLETED, "Completed");
    schema.stage().awaitReady("back");
    assertThat(schema.jobs("back"))
        .singleElement()
        .returns(job.getMetadata().getUid(), j -> j.getMetadata().getUid());

    clock.to(clock.instant().plus(Duration.ofDays(2)));
    schema.application("back", "registry.example/app:2");
    schema.stage().touch("back", 3);
    String fresh = backup("back", List.of(first, unused));
    assertThat(schema.jobs("back"))
        .singleElement()
        .returns(job.getMetadata().getUid(), j -> j.getMetadata().getUid());
    backups.completes(backups.job(fresh), clock.instant());
    backups.await(fresh, BackupPhase.COMPLETED, "Completed");
    schema.stage().touch("back", 4);
    Job second = schema.another("back", job);
    // Another operator sees the same: what is too old stays so, what is not is used.
    schema.stage().restart();
    succeeds(second);
    schema.stage().awaitReady("back");
    assertThat(names("back")).containsExactlyInAnyOrder(first, unused, fresh);
  }

  @Test
  void whatIsSuspiciousIsSaidWithWhatCameOfIt() {
    create("doubtful");
    String name = backup("doubtful", List.of());
    backups.completesSuspiciously(backups.job(name), clock.instant());
    backups.await(name, BackupPhase.SUSPICIOUS, "Suspicious");
    schema.stage().touch("doubtful", 1);
    Job job = schema.job("doubtful");
    String doubt = "StorageBackup " + name + " of before is Suspicious";
    await("said while it runs")
        .until(() ->
            Objects.requireNonNullElse(schema.message("doubtful", "SchemaMigrated"), "")
                .contains(doubt));
    succeeds(job);
    schema.awaitCondition("doubtful", "True", "SchemaUpToDate");
    assertThat(schema.message("doubtful", "SchemaMigrated")).contains(doubt);
  }

  private void create(String name) {
    schema.application(name, "registry.example/app:1");
    schema.command(
        name,
        "backend: PostgreSQL, backup: {target: {persistentVolumeClaim: {size: 1Gi}}}",
        "run: Always, backupFirst: true");
  }

  private void succeeds(Job job) {
    schema.says(job, 0, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"\"}");
    schema.ends(job, true);
  }

  /** Waits for one that was not there before. */
  private String backup(String instance, List<String> before) {
    await("a StorageBackup")
        .atMost(Duration.ofSeconds(30))
        .until(() -> names(instance).size() == before.size() + 1);
    return names(instance).stream().filter(n -> !before.contains(n)).findFirst().orElseThrow();
  }

  private List<String> names(String instance) {
    return schema
        .stage()
        .client()
        .resources(StorageBackup.class)
        .inNamespace(schema.stage().namespace())
        .list()
        .getItems()
        .stream()
        .map(b -> b.getMetadata().getName())
        .filter(n -> n.startsWith(instance + "-schema-"))
        .toList();
  }
}
