package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.testing.MovedClock;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.SchemaStage;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A schema that the application brings, or that is taken as it is. */
class AwaitedSchemaIT {
  private static SchemaStage schema;
  private static Probes readings;

  @BeforeAll
  static void open() {
    schema = SchemaStage.open("awaited");
    readings = new Probes(schema.stage(), "schema-awaited");
  }

  @AfterAll
  static void close() {
    schema.close();
  }

  @Test
  void CLB_17_PIP_10_theApplicationsRevisionIsWaitedForByTheConditionAlone() {
    create("self", "onStart: {revision: b2}");
    schema.stage().awaitReady("self");
    schema.awaitCondition("self", "False", "SchemaAwaited");
    // Nobody could have brought it yet.
    assertThat(readings.of("self")).isEmpty();

    schema.applicationRuns("self");
    schema.stage().touch("self", 1);
    Job first = reading("self", List.of());
    says(first, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"Alembic\",\"revision\":\"a1\"}");
    await("what it was")
        .until(() ->
            String.valueOf(schema.message("self", "SchemaMigrated"))
                .contains("last it was of revision a1"));
    schema.awaitCondition("self", "False", "SchemaAwaited");
    assertThat(schema.ready("self")).isEqualTo("True");

    Job second = reading("self", List.of(first));
    says(second, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"Alembic\",\"revision\":\"b2\"}");
    schema.awaitCondition("self", "True", "SchemaUpToDate");
    assertThat(schema.revision("self")).isEqualTo("b2");

    // Known without its Job, and not read again.
    schema.stage().client().resource(second).delete();
    schema.stage().restart();
    schema.stage().touch("self", 1);
    schema.stage().awaitRest();
    assertThat(readings.of("self")).isEmpty();
    schema.awaitCondition("self", "True", "SchemaUpToDate");

    schema
        .stage()
        .merge(
            StorageInstance.class,
            "self",
            "{\"spec\":{\"schemaMigrations\":{\"onStart\":{\"revision\":\"c3\"}}}}");
    schema.awaitCondition("self", "False", "SchemaAwaited");
  }

  @Test
  void PIP_12_aSchemaIsTakenAsItIsThoughNoToolKnowsIt() {
    create("taken", "adopt: {}");
    Job job = reading("taken", List.of());
    says(
        job,
        "{\"code\":\"read\",\"message\":\"no migration tool has left a table\",\"tool\":\"\"}");
    schema.awaitCondition("taken", "True", "SchemaAdopted");
    assertThat(schema.message("taken", "SchemaMigrated"))
        .contains("no migration tool has left a table");
    schema.stage().touch("taken", 1);
    schema.stage().awaitReady("taken");
    assertThat(readings.of("taken")).hasSize(1);
    assertThat(schema.jobs("taken")).isEmpty();
  }

  @Test
  void CLB_17_onAServerItIsReadWhileAnApplicationIsWanted() {
    schema.stage().create("served", "{backend: PostgreSQL, schemaMigrations: {onStart: {}}}");
    schema.stage().awaitReady("served");
    schema.application("served", "registry.example/app:1");
    schema.stage().touch("served", 1);
    schema.stage().awaitRest();
    assertThat(readings.of("served")).isEmpty();

    schema.stage().merge(Deployment.class, "served-app", "{\"spec\":{\"replicas\":1}}");
    Job job = reading("served", List.of());
    says(job, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"Django\",\"revision\":\"a.1\"}");
    schema.awaitCondition("served", "True", "SchemaUpToDate");
  }

  /** There is one record, and who migrated before has his word in it first. */
  @Test
  void CLB_17_whatTheOperatorMigratedBeforeIsTheApplicationsFromNowOn() {
    Job old = schema.standing("was", "run: Always");
    schema.annotate("was", "migrate-schema", "once");
    Job asked = schema.another("was", old);
    schema.runs(asked);
    migrations("was", "{\"run\":null,\"flyway\":null,\"onStart\":{\"revision\":\"2\"}}");
    schema.awaitCondition("was", "False", "SchemaMigrating");
    schema.applicationRuns("was");
    schema.stage().touch("was", 1);
    schema.stage().awaitRest();
    assertThat(readings.of("was")).isEmpty();

    schema.succeeds(asked, "1", null);
    Job reading = reading("was", List.of());
    assertThat(schema.jobs("was")).isEmpty();
    says(reading, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"Flyway\",\"revision\":\"2\"}");
    schema.awaitCondition("was", "True", "SchemaUpToDate");
    schema.stage().awaitReady("was");
    assertThat(schema.revision("was")).isEqualTo("2");

    // Back again nothing is claimed of a run that never was, and nothing is obeyed twice.
    migrations("was", "{\"onStart\":null,\"flyway\":{\"configMapRef\":{\"name\":\"was-sql\"}}}");
    schema.stage().awaitReady("was");
    assertThat(SchemaStage.condition(schema.stage().instance("was"))).isNull();
    assertThat(schema.jobs("was")).isEmpty();
  }

  @Test
  void anotherRevisionThanTheOneThatIsSaidIsNotTaken() {
    create("other", "adopt: {revision: \"7\"}");
    Job job = reading("other", List.of());
    says(job, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"Flyway\",\"revision\":\"6\"}");
    await("what it is")
        .until(() ->
            String.valueOf(schema.message("other", "SchemaMigrated"))
                .contains("last it was of revision 6"));
    assertThat(Objects.requireNonNull(schema.stage().instance("other").getStatus()).schema())
        .isNull();
  }

  /** A spec that is wrong stands for months. */
  @Test
  void whatDoesNotComeIsReadEverMoreRarelyAndNothingElseIsWritten() {
    MovedClock clock = new MovedClock();
    try (SchemaStage patient = SchemaStage.open("patient", clock)) {
      Stage stage = patient.stage();
      Probes jobs = new Probes(stage, AwaitedSchema.COMPONENT);
      stage.create("late", "{schemaMigrations: {onStart: {revision: b2}}}");
      stage.awaitReady("late");
      patient.applicationRuns("late");
      stage.touch("late", 0);
      says(jobs, jobs.job("late"));
      await("what it was")
          .until(() ->
              String.valueOf(patient.message("late", "SchemaMigrated"))
                  .contains("last it was of revision a1"));
      stage.awaitRest();
      stage.operator().writes().forget();

      Instant now = Instant.now();
      int turns = 20;
      for (int turn = 1; turn <= turns; turn++) {
        now = now.plus(Duration.ofMinutes(11));
        clock.to(now);
        stage.touch("late", turn);
        says(jobs, jobs.job("late"));
        await("the one before is gone").until(() -> jobs.of("late").size() == 1);
      }
      stage.awaitRest();
      // The number of the last tells that there was one for each turn.
      assertThat(Annotations.get(jobs.of("late").getFirst(), Annotations.READING))
          .startsWith((turns + 1) + " PT10M ");
      assertThat(stage.operator().writes().seen())
          .isNotEmpty()
          .allMatch(w -> w.matches("(?s)(POST|DELETE) /apis/batch/v1/namespaces/[^/ ]+/jobs.*"));

      // As another operator finds it, and without its status.
      stage.stop();
      stage
          .client()
          .resources(StorageInstance.class)
          .inNamespace(stage.namespace())
          .withName("late")
          .subresource("status")
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":null}");
      stage.restart();
      clock.to(now.plus(Duration.ofMinutes(9)));
      stage.awaitReady("late");
      stage.touch("late", turns + 1);
      stage.awaitRest();
      assertThat(jobs.running("late")).isEmpty();
      assertThat(patient.message("late", "SchemaMigrated")).contains("last it was of revision a1");

      // Another pod may bring it, and is looked after often again.
      stage
          .client()
          .pods()
          .inNamespace(stage.namespace())
          .withName("late-app")
          .withGracePeriod(0)
          .delete();
      patient.applicationRuns("late");
      stage.touch("late", turns + 2);
      says(jobs, jobs.job("late"));
      await("the one before is gone").until(() -> jobs.of("late").size() == 1);
      clock.to(now.plus(Duration.ofMinutes(11)));
      stage.touch("late", turns + 3);
      jobs.job("late");
    }
  }

  private static void says(Probes jobs, Job job) {
    jobs.says(
        job, 0, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"Alembic\",\"revision\":\"a1\"}");
    jobs.complete(job);
  }

  private static void create(String name, String migrations) {
    schema.stage().create(name, "{schemaMigrations: {%s}}".formatted(migrations));
  }

  private static void migrations(String name, String json) {
    schema
        .stage()
        .merge(StorageInstance.class, name, "{\"spec\":{\"schemaMigrations\":%s}}".formatted(json));
  }

  private static Job reading(String instance, List<Job> before) {
    List<String> known = before.stream().map(j -> j.getMetadata().getUid()).toList();
    await("a reading of " + instance)
        .atMost(Duration.ofSeconds(90))
        .until(() ->
            readings.of(instance).stream()
                .anyMatch(j -> !known.contains(j.getMetadata().getUid())));
    return readings.of(instance).stream()
        .filter(j -> !known.contains(j.getMetadata().getUid()))
        .findFirst()
        .orElseThrow();
  }

  private static void says(Job job, String words) {
    readings.says(job, 0, words);
    readings.complete(job);
  }
}
