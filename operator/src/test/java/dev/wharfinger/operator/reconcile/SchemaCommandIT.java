package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.testing.SchemaStage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The application's own migration command on the backend that holds the data. */
class SchemaCommandIT {
  private static SchemaStage schema;

  @BeforeAll
  static void open() {
    schema = SchemaStage.open("command");
  }

  @AfterAll
  static void close() {
    schema.close();
  }

  @Test
  void CLB_20_theCommandIsRunOnceForEachImageWhereTheDataIs() {
    schema.application("file", "registry.example/app:1");
    schema.command("file", "backend: SQLite", "run: Always");
    Job first = schema.job("file");
    PodSpec pod = first.getSpec().getTemplate().getSpec();
    assertThat(pod.getInitContainers())
        .extracting(Container::getName)
        .containsExactly("before", "schema");
    assertThat(pod.getInitContainers().get(1))
        .returns("registry.example/app:1", Container::getImage)
        .returns(List.of("alembic", "upgrade", "head"), Container::getCommand);
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    // It is told of its database, and the instance waits.
    assertThat(schema.stage().find(Secret.class, "file-binding")).isNotNull();
    schema.awaitCondition("file", "False", "SchemaMigrating");
    assertThat(schema.ready("file")).isEqualTo("False");

    schema.first(first, "before", 0, "{\"code\":\"read\",\"copy\":\"file.db.before-schema-x\"}");
    schema.says(
        first,
        0,
        "{\"code\":\"read\",\"message\":\"\",\"tool\":\"Alembic\",\"revision\":\"1975ea83b712\"}");
    schema.ends(first, true);
    StorageInstance ready = schema.stage().awaitReady("file");
    assertThat(Objects.requireNonNull(ready.getStatus()).schema())
        .returns("Alembic", s -> s.tool())
        .returns("1975ea83b712", s -> s.revision())
        .returns("file.db.before-schema-x", s -> s.copy());
    schema.awaitCondition("file", "True", "SchemaUpToDate");
    schema.stage().touch("file", 1);
    schema.stage().restart();
    schema.stage().touch("file", 2);
    schema.stage().awaitRest();
    assertThat(schema.jobs("file")).hasSize(1);

    schema.application("file", "registry.example/app:2");
    schema.stage().touch("file", 3);
    Job second = schema.another("file", first);
    assertThat(second.getSpec().getTemplate().getSpec().getInitContainers().get(1).getImage())
        .isEqualTo("registry.example/app:2");
    assertThat(schema.ready("file")).isEqualTo("False");
  }

  @Test
  void PIP_15_CLB_25_aFailureHasTheToolsReasonAndKeepsTheBinding() {
    schema.application("heads", "registry.example/app:1");
    schema.command("heads", "backend: PostgreSQL", "run: Always");
    Job job = schema.job("heads");
    assertThat(job.getSpec().getTemplate().getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly("schema");
    Secret binding = schema.stage().get(Secret.class, "heads-binding");
    String password =
        Objects.requireNonNull(
            SecretText.of(schema.stage().get(Secret.class, "heads-credentials"), "password"));
    schema.first(
        job,
        "schema",
        255,
        "connecting to postgresql://heads:"
            + password
            + "@db/heads\nERROR [alembic.util.messaging] Multiple head revisions are present for given argument"
            + " 'head' "
            + password);
    schema.ends(job, false);

    assertThat(schema.stage().awaitStalled("heads", "MultipleHeads"))
        .contains("Multiple head revisions", "container schema of pod", "migrate-schema")
        .doesNotContain(password);
    schema.awaitCondition("heads", "False", "MultipleHeads");
    assertThat(schema.ready("heads")).isEqualTo("False");
    assertThat(schema.stage().get(Secret.class, "heads-binding").getData())
        .isEqualTo(binding.getData());
    schema.stage().client().resource(job).delete();
    schema.stage().touch("heads", 1);
    schema.stage().awaitRest();
    assertThat(schema.jobs("heads")).isEmpty();

    schema.application("heads", "registry.example/app:2");
    schema.stage().touch("heads", 2);
    Job next = schema.another("heads", job);
    schema.says(next, 0, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"\"}");
    schema.ends(next, true);
    schema.stage().awaitReady("heads");
  }

  @Test
  void PIP_15_severalEndsAreSaidBeforeAnythingIsRun() {
    schema.application("ends", "registry.example/app:1");
    schema
        .stage()
        .create(
            "ends",
            "{backend: SQLite, schemaMigrations: {run: Always, command: {command: [alembic, upgrade, heads], heads:"
                + " [alembic, heads]}}}");
    Job job = schema.job("ends");
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getInitContainers())
        .extracting(Container::getName)
        .containsExactly("before", "heads", "schema");
    assertThat(pod.getInitContainers().get(1).getCommand()).endsWith("alembic", "heads");
    schema.first(
        job, "heads", 2, "INFO\nMultiple head revisions, nothing was run: 0a (head) b2 (head)");
    schema.ends(job, false);
    assertThat(schema.stage().awaitStalled("ends", "MultipleHeads"))
        .contains("nothing was run: 0a (head) b2 (head)", "container heads of pod");
  }

  @Test
  void anotherTriesCopyIsNamedWhereItFailed() {
    schema.application("copied", "registry.example/app:1");
    schema.command("copied", "backend: SQLite", "run: Always");
    Job job = schema.job("copied");
    schema.first(job, "before", 0, "{\"code\":\"read\",\"copy\":\"copied.db.before-schema-x\"}");
    schema.first(job, "schema", 1, "what this means nobody knows");
    schema.ends(job, false);
    assertThat(schema.stage().awaitStalled("copied", "SchemaMigrationFailed"))
        .contains("what this means nobody knows", "copied.db.before-schema-x on claim copied-data");
  }

  @Test
  void aFileThatIsMissingIsSaidByTheRunner() {
    schema.application("lost", "registry.example/app:1");
    schema.command("lost", "backend: SQLite", "run: Always, backupFirst: false");
    Job job = schema.job("lost");
    assertThat(job.getSpec().getTemplate().getSpec().getInitContainers().getFirst().getArgs())
        .contains("schema-revision")
        .doesNotContain("--copy-to");
    schema.first(
        job,
        "before",
        2,
        "{\"code\":\"file-missing\",\"message\":\"lost.db is not on the volume\"}");
    schema.ends(job, false);
    assertThat(schema.stage().awaitStalled("lost", "SchemaMigrationFailed"))
        .contains("lost.db is not on the volume");
  }

  @Test
  void CLB_19_withoutFailFastTheConditionAloneTells() {
    schema.application("lenient", "registry.example/app:1");
    schema.command("lenient", "backend: SQLite", "run: Always, failFast: false");
    Job job = schema.job("lenient");
    schema.stage().awaitReady("lenient");
    schema.first(job, "schema", 127, "sh: 1: alembic: not found");
    schema.ends(job, false);
    schema.awaitCondition("lenient", "False", "CommandNotFound");
    schema.stage().awaitReady("lenient");
  }

  @Test
  void withoutAlwaysTheCommandIsRunWhenItIsAskedFor() {
    schema.application("asked", "registry.example/app:1");
    schema.command("asked", "backend: SQLite", "");
    schema.stage().awaitReady("asked");
    assertThat(schema.jobs("asked")).isEmpty();
    schema.annotate("asked", "repair-schema", "there is no history of ours");
    schema.stage().awaitRest();
    assertThat(schema.jobs("asked")).isEmpty();

    schema.annotate("asked", "migrate-schema", "please");
    Job job = schema.job("asked");
    schema.says(job, 0, "{\"code\":\"read\",\"message\":\"\",\"tool\":\"\"}");
    schema.ends(job, true);
    schema.awaitCondition("asked", "True", "SchemaUpToDate");
    schema.application("asked", "registry.example/app:2");
    schema.stage().touch("asked", 1);
    schema.stage().awaitRest();
    assertThat(schema.jobs("asked"))
        .singleElement()
        .returns(job.getMetadata().getUid(), j -> j.getMetadata().getUid());
  }

  /** What waits for the instance may be the very application. */
  @Test
  void anApplicationThatIsToComeIsNotWaitedFor() {
    schema.command("early", "backend: SQLite", "run: Always");
    schema.stage().awaitReady("early");
    schema.awaitCondition("early", "False", "NoConsumer");
    schema.application("early", "registry.example/app:1");
    schema.stage().touch("early", 1);
    schema.job("early");
    schema.awaitCondition("early", "False", "SchemaMigrating");
  }

  @Test
  void whatTheChartDoesNotAllowIsNotRun() {
    try (SchemaStage guarded = SchemaStage.open("guarded")) {
      guarded.application("no", "registry.example/app:1");
      guarded.command("no", "backend: SQLite", "run: Always");
      assertThat(guarded.stage().awaitStalled("no", "SchemaCommandNotAllowed"))
          .contains("schemaMigrations.allowCommand");
      guarded.stage().awaitRest();
      assertThat(guarded.jobs("no")).isEmpty();
      assertThat(guarded.stage().find(Secret.class, "no-binding")).isNotNull();
    }
  }

  @Test
  void aCommandThatHasBegunIsNotWithdrawn() {
    schema.application("busy", "registry.example/app:1");
    schema.command("busy", "backend: SQLite", "run: Always");
    Job first = schema.job("busy");
    schema.application("busy", "registry.example/app:2");
    schema.stage().touch("busy", 1);
    Job second = schema.another("busy", first);
    schema.first(second, "schema", null, "");
    schema.application("busy", "registry.example/app:3");
    schema.stage().touch("busy", 2);
    schema.stage().awaitRest();
    assertThat(schema.jobs("busy"))
        .singleElement()
        .returns(second.getMetadata().getUid(), j -> j.getMetadata().getUid());
  }
}
