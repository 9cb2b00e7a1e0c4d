package dev.wharfinger.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.PoolSpec;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the conditions say about workloads. */
class WorkloadsTest {
  private static final String POD =
      """
      {spec: {containers: [{name: app, envFrom: [{secretRef: {name: notes-binding}}]}],
        volumes: [{name: data, persistentVolumeClaim: {claimName: notes-data}}]}}\
      """;

  @Test
  void CLB_14_theBudgetCountsPodsPoolsAndOverflow() {
    PoolSpec pool = pool(15, 10, 2);
    // Two pods of fifty: one hundred, and 95 are to be had.
    assertThat(ConnectionBudget.of(pool, Map.of(), List.of(deployment("replicas: 2"))))
        .returns("ConnectionBudget", Condition::getType)
        .returns("False", Condition::getStatus)
        .returns("BudgetExceeded", Condition::getReason)
        .extracting(Condition::getMessage)
        .asString()
        .contains(
            "100 connections, and 95",
            "Deployment/app 2 pods",
            "(maxSize 15 + maxOverflow 10) = 50");
    assertThat(
            ConnectionBudget.of(
                pool, Map.of("max_connections", "105"), List.of(deployment("replicas: 2"))))
        .returns("True", Condition::getStatus)
        .returns("WithinBudget", Condition::getReason);
    assertThat(
            ConnectionBudget.of(
                pool,
                Map.of("max_connections", "105", "reserved_connections", "1"),
                List.of(deployment("replicas: 2"))))
        .returns("BudgetExceeded", Condition::getReason);
    // Several workloads count together.
    assertThat(
            ConnectionBudget.of(
                pool,
                Map.of(),
                List.of(deployment("replicas: 1"), Workload.of(cronJob("suspend: false")))))
        .returns("BudgetExceeded", Condition::getReason);
    assertThat(
            ConnectionBudget.of(
                pool,
                Map.of(),
                List.of(deployment("replicas: 1"), Workload.of(cronJob("suspend: true")))))
        .returns("WithinBudget", Condition::getReason);
  }

  @Test
  void PHX_20_aPoolOfTwentyAndTenIsThirtyForEachPod() {
    assertThat(
            ConnectionBudget.of(pool(20, 10, null), Map.of(), List.of(deployment("replicas: 3"))))
        .returns("WithinBudget", Condition::getReason)
        .extracting(Condition::getMessage)
        .asString()
        .startsWith("at most 90 of 95 connections");
    assertThat(ConnectionBudget.of(pool(20, 10, null), Map.of(), List.of()))
        .returns("WithinBudget", Condition::getReason);
  }

  @Test
  void whatNobodySaidIsNotGuessed() {
    PoolSpec nothing = new PoolSpec(null, null, null, null, null, null, null);
    assertThat(ConnectionBudget.of(nothing, Map.of(), List.of(deployment("replicas: 9"))))
        .returns("Unknown", Condition::getStatus)
        .returns("PoolUnknown", Condition::getReason);
    assertThat(ConnectionBudget.of(pool(5, 0, 1), Map.of("max_connections", "0x64"), List.of()))
        .returns("PoolUnknown", Condition::getReason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicas: 1, strategy: {type: Recreate}                                           | OneWriter",
        "replicas: 0                                                                       | OneWriter",
        "replicas: 1, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0}}        | OneWriter",
        "replicas: 1, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: \"0%\"}}   | OneWriter",
        "replicas: 1                                                                       | UpdateOverlaps",
        "minReadySeconds: 1                                                                | UpdateOverlaps",
        "replicas: 1, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: \"25%\"}}  | UpdateOverlaps",
        "replicas: 2, strategy: {type: Recreate}                                           | SeveralWriters",
      })
  void PHX_07_oneWriterForSqlite(String spec, String reason) {
    assertThat(SingleWriter.of(List.of(deployment(spec))))
        .returns("SingleWriter", Condition::getType)
        .returns(reason.equals("OneWriter") ? "True" : "False", Condition::getStatus)
        .returns(reason, Condition::getReason);
  }

  @Test
  void CLB_10_PIP_04_severalWorkloadsAreSeveralWriters() {
    Workload one = deployment("replicas: 1, strategy: {type: Recreate}");
    Workload other = Workload.of(statefulSet());
    assertThat(SingleWriter.of(List.of(one, other)))
        .returns("SeveralWriters", Condition::getReason)
        .extracting(Condition::getMessage)
        .asString()
        .contains("Deployment/app with 1 pod", "StatefulSet/app with 1 pod", "strategy: Recreate");
    // What comes and goes by night is no second application.
    assertThat(SingleWriter.of(List.of(one, Workload.of(cronJob("suspend: false")))))
        .returns("OneWriter", Condition::getReason);
    assertThat(SingleWriter.of(List.of(Workload.of(daemonSet(3)))))
        .returns("SeveralWriters", Condition::getReason);
  }

  @Test
  void whoOnlyReadsIsNoWriter() {
    String pod = POD.replace("claimName: notes-data", "claimName: notes-data, readOnly: true");
    Workload reader = Workload.of(workload(Deployment.class, "replicas: 1", pod));

    assertThat(reader.written()).isEmpty();
    assertThat(reader.uses("notes-binding", "notes-data")).isTrue();
    assertThat(reader.uses("other-binding", "notes-data")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "containers: [{name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: notes-binding, key: uri}}}]}]",
        "initContainers: [{name: a, envFrom: [{secretRef: {name: notes-binding}}]}], containers: [{name: b}]",
        "containers: [{name: a}], volumes: [{name: v, secret: {secretName: notes-binding}}]",
        "containers: [{name: a}], volumes: [{name: v, projected: {sources: [{secret: {name: notes-binding}}]}}]",
      })
  void everyWayToReadTheBindingCounts(String pod) {
    Workload workload =
        Workload.of(workload(Deployment.class, "replicas: 1", "{spec: {" + pod + "}}"));

    assertThat(workload.uses("notes-binding", "notes-data")).isTrue();
    assertThat(workload.uses("notes", "notes-data")).isFalse();
  }

  private static PoolSpec pool(int size, int overflow, @Nullable Integer engines) {
    return new PoolSpec(null, size, overflow, null, null, null, engines);
  }

  private static Workload deployment(String spec) {
    return Workload.of(workload(Deployment.class, spec, POD));
  }

  private static StatefulSet statefulSet() {
    return workload(StatefulSet.class, "replicas: 1", POD);
  }

  private static DaemonSet daemonSet(int nodes) {
    DaemonSet set = workload(DaemonSet.class, "minReadySeconds: 0", POD);
    return set.edit().withNewStatus().withDesiredNumberScheduled(nodes).endStatus().build();
  }

  private static CronJob cronJob(String spec) {
    return Yaml.read(
        CronJob.class,
        "metadata: {name: app}\nspec: {%s, jobTemplate: {spec: {template: %s}}}"
            .formatted(spec, POD));
  }

  private static <T> T workload(Class<T> type, String spec, String pod) {
    return Yaml.read(type, "metadata: {name: app}\nspec: {%s, template: %s}".formatted(spec, pod));
  }
}
