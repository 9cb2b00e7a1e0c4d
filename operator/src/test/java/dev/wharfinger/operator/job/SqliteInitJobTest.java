package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Job that makes SQLite files, and how its refusal is read. */
class SqliteInitJobTest {

  @Test
  void whatTheApplicationMakesItselfIsNotMade() {
    InstanceModel model = model("{databases: [app.db, jobs.db], optionalDatabases: [jobs.db]}");
    List<String> args =
        SqliteInitJob.desired(model, true)
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst()
            .getArgs();

    assertThat(args).contains("app.db").doesNotContain("jobs.db");
    // No other Job is made because of it.
    assertThat(SqliteInitJob.name(model))
        .isEqualTo(SqliteInitJob.name(model("{databases: [app.db]}")));
    assertThat(model.sqlite().databases()).containsExactly("app.db", "jobs.db");
  }

  @Test
  void CLB_06_aNetworkFileSystemIsToldFromAMissingFile() {
    assertThat(SqliteInitJob.onNetwork(refused(3))).isTrue();
    assertThat(SqliteInitJob.onNetwork(refused(2))).isFalse();
    assertThat(SqliteInitJob.onNetwork(refused(32))).isFalse();
    // Both are final.
    assertThat(
            SqliteInitJob.desired(model("{}"), false)
                .getSpec()
                .getPodFailurePolicy()
                .getRules()
                .getFirst()
                .getOnExitCodes()
                .getValues())
        .containsExactly(2, 3);
  }

  /** As the Job controller says it. */
  private static Job refused(int code) {
    return new JobBuilder()
        .withNewStatus()
        .addNewCondition()
        .withType("Failed")
        .withStatus("True")
        .withReason("PodFailurePolicy")
        .withMessage(
            "Container runner for pod apps/notes-init-1-x failed with exit code "
                + code
                + " matching FailJob rule at index 0")
        .endCondition()
        .endStatus()
        .build();
  }

  private static InstanceModel model(String sqlite) {
    return InstanceModel.of(
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: notes, namespace: test, uid: u}
            spec: {backend: SQLite, sqlite: %s}
            """
                .formatted(sqlite)),
        RunningOperator.config("test"));
  }
}
