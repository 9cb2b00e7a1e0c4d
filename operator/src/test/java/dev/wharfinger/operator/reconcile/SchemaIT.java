package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.BackupStage;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.SchemaStage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Schema migrations on the backend that holds the data, outside of a move. */
class SchemaIT {
  private static SchemaStage schema;

  @BeforeAll
  static void open() {
    schema = SchemaStage.open();
  }

  @AfterAll
  static void close() {
    schema.close();
  }

  @Test
  void OXY_08_aNewInstanceIsBoundWhenItsSchemaIsMade() {
    for (String backend : new String[] {"SQLite", "PostgreSQL"}) {
      String name = "new-" + (backend.equals("SQLite") ? "file" : "server");
      schema.files(name, "CREATE TABLE a (id int);");
      schema.create(name, "backend: " + backend, "run: Always");
      Job job = schema.job(name);
      schema.awaitCondition(name, "False", "SchemaMigrating");
      assertThat(schema.stage().find(Secret.class, name + "-binding")).isNull();
      assertThat(schema.ready(name)).isEqualTo("False");

      schema.succeeds(job, "1", null);
      StorageInstance ready = schema.stage().awaitReady(name);
      assertThat(schema.stage().find(Secret.class, name + "-binding")).isNotNull();
      schema.awaitCondition(name, "True", "SchemaUpToDate");
      assertThat(Objects.requireNonNull(ready.getStatus()).schemaRevision()).isEqualTo("1");
    }
  }

  @Test
  void PIP_14_T13_whatWasDoneIsKnownWithoutJobAndStatus() {
    Job job = schema.standing("known", "run: Always");
    schema.stage().client().resource(job).delete();
    await("gone").until(() -> schema.jobs("known").isEmpty());

    StorageInstance wiped = schema.stage().instance("known");
    wiped.setStatus(null);
    schema.stage().client().resource(wiped).updateStatus();
    StorageInstance again = schema.stage().awaitReady("known");
    assertThat(Objects.requireNonNull(again.getStatus()).schema())
        .returns("Flyway", s -> s.tool())
        .returns("1", s -> s.revision());
    schema.awaitCondition("known", "True", "SchemaUpToDate");
    schema.stage().restart();
    schema.stage().touch("known", 1);
    schema.stage().awaitRest();
    assertThat(schema.jobs("known")).isEmpty();
  }

  @Test
  void otherFilesAreAnotherJobAndOneAtATime() {
    Job first = schema.standing("next", "run: Always");
    schema.files("next", "CREATE TABLE b (id int);");
    schema.stage().touch("next", 1);
    Job second = schema.another("next", first);
    assertThat(schema.ready("next")).isEqualTo("False");
    schema.runs(second);
    // Still one while it runs.
    schema.files("next", "CREATE TABLE c (id int);");
    schema.stage().touch("next", 2);
    schema.stage().awaitRest();
    assertThat(schema.jobs("next"))
        .singleElement()
        .returns(second.getMetadata().getUid(), j -> j.getMetadata().getUid());

    schema.succeeds(second, "2", null);
    schema.goes(second);
    Job third = schema.another("next", second);
    schema.succeeds(third, "3", null);
    schema.stage().awaitReady("next");
    assertThat(schema.revision("next")).isEqualTo("3");
  }

  @Test
  void CLB_19_CLB_25_aFailureKeepsTheInstanceFromReadyAndNamesTheCopy() {
    Job first = schema.standing("fails", "run: Always");
    schema.files("fails", "nonsense;");
    schema.stage().touch("fails", 1);
    Job second = schema.another("fails", first);
    schema.fails(second, "Script V1__a.sql failed", "fails.db.before-schema-x");

    assertThat(schema.stage().awaitStalled("fails", "SchemaMigrationFailed"))
        .contains(
            "Script V1__a.sql failed",
            "fails.db.before-schema-x on claim fails-data",
            "wharfinger.dev/migrate-schema");
    assertThat(schema.ready("fails")).isEqualTo("False");
    assertThat(schema.stage().find(Secret.class, "fails-binding")).isNotNull();

    // It is not tried for ever, with its Job or without.
    schema.stage().client().resource(second).delete();
    schema.stage().touch("fails", 2);
    schema.stage().restart();
    schema.stage().touch("fails", 3);
    schema.stage().awaitRest();
    assertThat(schema.jobs("fails")).isEmpty();

    // As it is, because somebody asks for it.
    schema.annotate("fails", "migrate-schema", "please");
    Job third = schema.another("fails", second);
    schema.fails(third, "still", null);
    await("the other words")
        .until(
            () -> schema.stage().awaitStalled("fails", "SchemaMigrationFailed").contains("still"));
    schema.files("fails", "CREATE TABLE d (id int);");
    schema.stage().touch("fails", 4);
    schema.succeeds(schema.another("fails", third), "4", null);
    schema.stage().awaitReady("fails");
  }

  @Test
  void migrationsWaitForABackupAndItForThem() {
    BackupStage backups = new BackupStage(schema.stage());
    Job before = schema.standing("busy", "run: Always");
    schema
        .stage()
        .merge(
            StorageInstance.class,
            "busy",
            "{\"spec\":{\"backup\":{\"target\":{\"persistentVolumeClaim\":{\"size\":\"1Gi\"}}}}}");
    schema.stage().awaitReady("busy");
    backups.ask("busy-one", "busy");
    Job backup = backups.job("busy-one");
    schema.files("busy", "CREATE TABLE b (id int);");
    schema.stage().touch("busy", 1);
    schema.awaitCondition("busy", "False", "SchemaMigrating");
    schema.stage().awaitRest();
    assertThat(schema.jobs("busy"))
        .singleElement()
        .returns(before.getMetadata().getUid(), j -> j.getMetadata().getUid());

    backups.completes(backup, false);
    Job after = schema.another("busy", before);
    backups.ask("busy-two", "busy");
    backups.await("busy-two", BackupPhase.PENDING, "WaitingForSchema");
    schema.succeeds(after, "2", null);
    backups.job("busy-two");
  }

  @Test
  void withoutFailFastTheConditionAloneTells() {
    schema.files("soft", "nonsense;");
    schema.create("soft", "backend: SQLite", "run: Always, failFast: false");
    schema.stage().awaitReady("soft");
    schema.fails(schema.job("soft"), "no", null);

    schema.awaitCondition("soft", "False", "SchemaMigrationFailed");
    assertThat(schema.ready("soft")).isEqualTo("True");
    assertThat(schema.stage().find(Secret.class, "soft-binding")).isNotNull();
  }

  @Test
  void withoutAlwaysNothingRunsUntilItIsAskedFor() {
    schema.files("asked", "CREATE TABLE a (id int);");
    schema.create("asked", "backend: SQLite", "");
    schema.stage().awaitReady("asked");
    assertThat(schema.jobs("asked")).isEmpty();
    assertThat(SchemaStage.condition(schema.stage().instance("asked"))).isNull();

    schema.annotate("asked", "migrate-schema", "now");
    schema.succeeds(schema.job("asked"), "1", null);
    schema.awaitCondition("asked", "True", "SchemaUpToDate");
    schema.files("asked", "CREATE TABLE b (id int);");
    schema.stage().touch("asked", 1);
    schema.stage().awaitRest();
    assertThat(schema.jobs("asked")).hasSize(1);
    assertThat(schema.ready("asked")).isEqualTo("True");
  }

  @Test
  void aRepairIsDoneOnce() {
    Job first = schema.standing("repair", "run: Always");
    assertThat(SchemaStage.arguments(first)).doesNotContain("--repair");
    schema.annotate("repair", "repair-schema", "one");
    Job second = schema.another("repair", first);
    assertThat(SchemaStage.arguments(second)).contains("--repair");
    schema.succeeds(second, "1", null);
    schema.stage().awaitReady("repair");

    schema.files("repair", "CREATE TABLE b (id int);");
    schema.stage().touch("repair", 1);
    Job third = schema.another("repair", second);
    assertThat(SchemaStage.arguments(third)).doesNotContain("--repair");
    schema.succeeds(third, "2", null);
    // Nor where nothing tells any more what was run: what the files say by now is another thing.
    schema.stage().awaitReady("repair");
    schema.stage().client().resource(third).delete();
    await("gone").until(() -> schema.jobs("repair").isEmpty());
    schema.stage().awaitRest();
    schema
        .stage()
        .client()
        .resource(schema.stage().get(ConfigMap.class, "repair-schema-record"))
        .delete();
    Job fourth = schema.another("repair", third);
    assertThat(SchemaStage.arguments(fourth)).doesNotContain("--repair");
    schema.succeeds(fourth, "2", null);
    schema.stage().awaitReady("repair");
    schema.annotate("repair", "repair-schema", "two");
    assertThat(SchemaStage.arguments(schema.another("repair", fourth))).contains("--repair");
  }

  @Test
  void filesThatAreMissingAreNamedAndWaitedFor() {
    schema.create("late", "backend: SQLite", "run: Always");
    assertThat(schema.stage().awaitStalled("late", "SchemaFilesMissing"))
        .contains("ConfigMap late-sql");
    assertThat(schema.stage().find(Secret.class, "late-binding")).isNull();
    schema.files("late", "CREATE TABLE a (id int);");
    schema.stage().touch("late", 1);
    schema.succeeds(schema.job("late"), "1", null);
    schema.stage().awaitReady("late");

    // Gone again, they take nothing from what they have made.
    schema.stage().client().resource(schema.stage().get(ConfigMap.class, "late-sql")).delete();
    schema.stage().touch("late", 2);
    schema.stage().awaitStalled("late", "SchemaFilesMissing");
    assertThat(schema.ready("late")).isEqualTo("True");
  }

  @Test
  void itsOwnRecordIsNoFiles() {
    schema.standing("snake", "run: Always");
    schema
        .stage()
        .merge(
            StorageInstance.class,
            "snake",
            "{\"spec\":{\"schemaMigrations\":{\"flyway\":{\"configMapRef\":{\"name\":\"snake-schema-record\"}}}}}");
    assertThat(schema.stage().awaitStalled("snake", "SchemaFilesMissing"))
        .contains("the operator's own");
  }

  @Test
  void wordsOfAPodThatAreNoResultAreNotRepeated() {
    schema.files("odd", "CREATE TABLE a (id int);");
    schema.create("odd", "backend: SQLite", "run: Always");
    Job job = schema.job("odd");
    schema.says(job, 1, "password=hush");
    schema.ends(job, false);

    assertThat(schema.stage().awaitStalled("odd", "SchemaMigrationFailed"))
        .contains("ended before it could say why")
        .doesNotContain("hush");
  }

  @Test
  void aBindingThatIsLostComesBackWhateverTheSchemaIs() {
    Job first = schema.standing("lost", "run: Always");
    schema.files("lost", "nonsense;");
    schema.stage().touch("lost", 1);
    schema.fails(schema.another("lost", first), "no", null);
    schema.stage().awaitStalled("lost", "SchemaMigrationFailed");

    Secret binding = schema.stage().get(Secret.class, "lost-binding");
    schema.stage().client().resource(binding).delete();
    await("another binding")
        .until(() -> {
          Secret now = schema.stage().find(Secret.class, "lost-binding");
          return now != null && !now.getMetadata().getUid().equals(binding.getMetadata().getUid());
        });
  }

  /** It ran before anybody said that the operator should migrate it. */
  @Test
  void T47_aBindingThatIsLostComesBackThoughNothingWasEverMigrated() {
    schema
        .stage()
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("their-db")
                .withNamespace(schema.stage().namespace())
                .endMetadata()
                .addToStringData("username", "app")
                .addToStringData("password", "x")
                .build())
        .create();
    Map<String, String> specs =
        Map.of(
            "ran-file",
            "{}",
            "ran-server",
            "{backend: PostgreSQL}",
            "ran-theirs",
            "{backend: PostgreSQL, postgresql: {external: {host: db.example.com, database: orders,"
                + " credentialsSecretRef: {name: their-db}}}}");
    specs.forEach((name, spec) -> {
      schema.stage().create(name, spec);
      schema.stage().awaitReady(name);
      schema.files(name, "nonsense;");
      schema
          .stage()
          .merge(
              StorageInstance.class,
              name,
              "{\"spec\":{\"schemaMigrations\":{\"run\":\"Always\",\"flyway\":{\"configMapRef\":{\"name\":\"%s-sql\"}}}}}"
                  .formatted(name));
      schema.fails(schema.job(name), "no", null);
      schema.stage().awaitStalled(name, "SchemaMigrationFailed");

      Secret binding = schema.stage().get(Secret.class, name + "-binding");
      schema.stage().client().resource(binding).delete();
      await("another binding of " + name)
          .until(() -> {
            Secret now = schema.stage().find(Secret.class, name + "-binding");
            return now != null
                && !now.getMetadata().getUid().equals(binding.getMetadata().getUid());
          });
    });
  }

  /** No image, no node, or no files: what is asked for meanwhile does not wait for its deadline. */
  @Test
  void aJobThatNeverBeganIsReplacedWhenSomethingElseIsAskedFor() {
    Job first = schema.standing("stuck", "run: Always");
    schema.files("stuck", "CREATE TABLE b (id int);");
    schema.stage().touch("stuck", 1);
    Job second = schema.another("stuck", first);
    schema.waits(second);
    schema.stage().awaitRest();
    // As long as it is what is asked for, it is left alone.
    assertThat(schema.jobs("stuck"))
        .singleElement()
        .returns(second.getMetadata().getUid(), j -> j.getMetadata().getUid());

    schema.files("stuck", "CREATE TABLE c (id int);");
    schema.stage().touch("stuck", 2);
    await("the Job that waits is deleted")
        .until(() ->
            schema.jobs("stuck").stream()
                .noneMatch(j -> j.getMetadata().getUid().equals(second.getMetadata().getUid())));
    // Its pod may begin until it is gone.
    schema.stage().awaitRest();
    assertThat(schema.jobs("stuck")).isEmpty();
    schema.goes(second);
    Job third = schema.another("stuck", second);
    schema.succeeds(third, "3", null);
    schema.stage().awaitReady("stuck");
  }

  /** Who takes the migrations back is not kept waiting by a Job that never began. */
  @Test
  void aJobThatNeverBeganGoesWithWhatItWasMadeFor() {
    Job first = schema.standing("recalled", "run: Always");
    schema.files("recalled", "CREATE TABLE b (id int);");
    schema.stage().touch("recalled", 1);
    schema.waits(schema.another("recalled", first));
    schema
        .stage()
        .merge(StorageInstance.class, "recalled", "{\"spec\":{\"schemaMigrations\":null}}");
    await("no Job").until(() -> schema.jobs("recalled").isEmpty());
    schema.stage().awaitReady("recalled");
  }

  @Test
  void aMoveBeginsWhenTheSchemaIsMigrated() {
    Job first = schema.standing("move", "run: Always");
    schema.files("move", "CREATE TABLE b (id int);");
    schema.stage().touch("move", 1);
    Job second = schema.another("move", first);
    schema
        .stage()
        .merge(
            StorageInstance.class,
            "move",
            "{\"spec\":{\"backend\":\"PostgreSQL\",\"schemaMigrations\":{\"backupFirst\":false}}}");
    await("the move waits")
        .until(() ->
            String.valueOf(schema.message("move", "Reconciling"))
                .contains("begins when Job " + second.getMetadata().getName()));
    schema.stage().awaitRest();
    assertThat(schema.moves("move")).isZero();

    schema.succeeds(second, "2", null);
    await("the move").until(() -> schema.moves("move") == 1);
    // And while it is under way nothing else is run.
    schema.annotate("move", "migrate-schema", "now");
    schema.stage().awaitRest();
    assertThat(schema.jobs("move"))
        .singleElement()
        .returns(second.getMetadata().getUid(), j -> j.getMetadata().getUid());
  }

  @Test
  void CLB_17_PIP_14_theRevisionIsReadWhereTheApplicationMigrates() {
    Probes readings = new Probes(schema.stage(), "schema-revision");
    schema.stage().create("self", "{}");
    schema.stage().awaitReady("self");
    assertThat(readings.of("self")).isEmpty();
    assertThat(schema.jobs("self")).isEmpty();

    schema.annotate("self", "read-schema", "one");
    await("a Job").until(() -> readings.of("self").size() == 1);
    Job job = readings.of("self").getFirst();
    readings.says(job, 0, "{\"code\":\"read\",\"tool\":\"Alembic\",\"revision\":\"1975ea83b712\"}");
    readings.complete(job);
    await("the revision").until(() -> "1975ea83b712".equals(schema.revision("self")));
    schema.stage().touch("self", 1);
    schema.stage().awaitRest();
    assertThat(readings.of("self")).hasSize(1);

    schema.annotate("self", "read-schema", "two");
    await("another Job")
        .until(() ->
            readings.of("self").stream().map(j -> j.getMetadata().getUid()).toList().stream()
                .noneMatch(job.getMetadata().getUid()::equals));
    assertThat(schema.ready("self")).isEqualTo("True");
  }

  @Test
  void OXY_16_aServerIsStoppedWhenTheSchemaIsMigrated() {
    schema.files("rest", "CREATE TABLE a (id int);");
    schema.create("rest", "backend: PostgreSQL", "run: Always");
    Job job = schema.job("rest");
    schema.stage().merge(StorageInstance.class, "rest", "{\"spec\":{\"suspend\":true}}");
    await("the server runs on")
        .until(() ->
            String.valueOf(schema.message("rest", "Reconciling"))
                .contains("the schema is being migrated"));
    schema.succeeds(job, "1", null);
    schema.stage().awaitStalled("rest", "Suspended");
    assertThat(schema.jobs("rest")).hasSize(1);

    schema.stage().merge(StorageInstance.class, "rest", "{\"spec\":{\"suspend\":false}}");
    schema.stage().awaitReady("rest");
    assertThat(schema.revision("rest")).isEqualTo("1");
  }
}
