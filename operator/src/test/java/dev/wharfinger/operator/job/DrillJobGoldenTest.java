package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupSpec;
import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Job of a drill, compared with files. With {@code -Dgolden.write=true} they are written. */
class DrillJobGoldenTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final String BUCKET =
      "backup: {target: {s3: {bucket: sets, endpoint: 'https://s3.example.com', credentialsSecretRef:"
          + " {name: keys}}}}";
  private static final DrillDecision DECISION =
      new DrillDecision(
          "notes-s-20261122t020000z",
          "uid-2",
          "2026-11-22T03:30:00.123Z",
          "0badc0de",
          "2026-11-22T02:00:01Z");

  @ParameterizedTest
  @ValueSource(strings = {"claim", "claim-sealed-pinned", "bucket"})
  void desiredJob(String name) throws IOException {
    Job job =
        switch (name) {
          case "claim" -> job("", source("notes-backups", null, null), null);
          case "bucket" -> job(BUCKET, source(null, s3(), null), new Place("node-1", List.of()));
          default ->
              job(
                  "sqlite: {runAsUser: 1000}",
                  source("notes-backups", null, "age"),
                  new Place("node-1", List.of()));
        };
    String yaml = YAML.asYaml(job);
    Path file = Path.of("src/test/resources/golden/drill", name + ".yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, yaml);
    }
    // As values: the order of labels is nobody's concern.
    assertThat(YAML.unmarshal(yaml, Map.class))
        .isEqualTo(YAML.unmarshal(Files.readString(file), Map.class));
  }

  @Test
  void whoeverJudgesTheJobLearnsOfWhichSetItIs() {
    Job job = job("", source("notes-backups", null, null), null);
    assertThat(DrillDecision.on(job)).isEqualTo(DECISION);
    assertThat(DECISION.began()).isEqualTo(Instant.parse("2026-11-22T03:30:00.123Z"));
    job.getMetadata().setAnnotations(Map.of("wharfinger.dev/drill-decision", "{\"of\":1"));
    assertThat(DrillDecision.on(job)).isNull();
    job.getMetadata().setAnnotations(Map.of());
    assertThat(DrillDecision.on(job)).isNull();
  }

  @Test
  void nothingOfTheApplicationIsMounted() {
    Job job = job("", source("notes-backups", null, "age"), null);
    assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
        .extracting(v -> v.getName())
        .containsExactlyInAnyOrder("tmp", "scratch", "backups", "identity");
    assertThat(job.getSpec().getTemplate().getSpec().getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void whatTheRunnerSaysIsUnderstoodAndOtherWordsAreNot() {
    assertThat(
            DrillReport.parse(
                """
                {"command":"drill","outcome":"proven","reason":"","message":"m","drill":{"at":"x","seconds":3.6,
                "restoreSeconds":1.2,"dataAgeSeconds":5400,"noticed":[]}}\
                """))
        .isEqualTo(new DrillReport("proven", "", "m", 4L, 5400L));
    assertThat(
            DrillReport.parse(
                "{\"command\":\"drill\",\"outcome\":\"refused\",\"reason\":\"set-damaged\",\"message\":\"m\"}"))
        .isEqualTo(new DrillReport("refused", "set-damaged", "m", null, null));
    assertThat(DrillReport.parse("{\"command\":\"restore\",\"outcome\":\"proven\"}")).isNull();
    assertThat(DrillReport.parse("Killed")).isNull();
    assertThat(DrillReport.parse(null)).isNull();
  }

  private static DrillSource source(
      @Nullable String claim, @Nullable S3TargetSpec s3, @Nullable String identity) {
    return new DrillSource(
        claim,
        s3,
        claim == null ? "cluster-1/shop.notes/uid-1/sqlite-1" : "shop.notes/uid-1/sqlite-1",
        "notes-s-20261122t020000z-1f3a9c04",
        new Quantity("2Gi"),
        identity,
        "identity",
        Duration.ofHours(3));
  }

  private static S3TargetSpec s3() {
    BackupSpec backup = Objects.requireNonNull(instance(BUCKET).getSpec().backup());
    return Objects.requireNonNull(Objects.requireNonNull(backup.target()).s3());
  }

  private static StorageInstance instance(String spec) {
    return Yaml.read(
        StorageInstance.class,
        """
        apiVersion: wharfinger.dev/v1alpha1
        kind: StorageInstance
        metadata: {name: notes, namespace: shop, uid: uid-1}
        spec: {backend: SQLite, %s}
        """
            .formatted(spec));
  }

  private static Job job(String spec, DrillSource source, @Nullable Place place) {
    return DrillJob.desired(
        "notes-drill-12345678",
        InstanceModel.of(instance(spec), RunningOperator.config("shop")),
        source,
        DECISION,
        place);
  }
}
