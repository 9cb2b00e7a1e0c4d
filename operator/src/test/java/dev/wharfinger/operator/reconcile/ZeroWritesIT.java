package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.GoldenCases;
import dev.wharfinger.testing.Stage;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An operator that has nothing to do writes nothing: neither after events nor after a restart. */
class ZeroWritesIT {
  private static final int TURNS = 20;
  private static final int FEW_TURNS = 5;
  private static final List<String> TOLD =
      List.of("sqlite-minimal", "postgresql-minimal", "schema-postgresql", "external");
  private static final List<String> NAMES = new ArrayList<>();
  private static Stage stage;

  @BeforeAll
  static void everyGoldenCaseIsReady() {
    stage = Stage.open("zero-writes");
    for (Path golden : GoldenCases.all()) {
      String name = golden.getFileName().toString();
      StorageInstance instance =
          Yaml.read(StorageInstance.class, GoldenCases.text(golden, "in-instance.yaml"));
      instance.setMetadata(
          new ObjectMetaBuilder().withName(name).withNamespace(stage.namespace()).build());
      Secret secret = GoldenCases.secret(golden);
      if (secret != null) {
        stage.client().resource(inStage(secret)).create();
      }
      ConfigMap migrations = GoldenCases.migrations(golden);
      if (migrations != null) {
        migrations.getMetadata().setNamespace(stage.namespace());
        stage.client().resource(migrations).create();
      }
      stage.client().resource(instance).create();
      NAMES.add(name);
    }
    NAMES.forEach(stage::awaitReady);
  }

  private static Secret inStage(Secret secret) {
    return secret
        .edit()
        .withMetadata(
            new ObjectMetaBuilder()
                .withName(secret.getMetadata().getName())
                .withNamespace(stage.namespace())
                .build())
        .build();
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void noRunOfAReadyInstanceWrites() {
    stage.operator().writes().forget();
    for (String name : NAMES) {
      for (int turn = 1; turn <= TURNS; turn++) {
        stage.touch(name, turn);
      }
    }
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).isEmpty();
  }

  @Test
  void aRestartWritesNothing() {
    stage.restart();
    await("every instance seen").until(() -> stage.operator().runs() >= NAMES.size());
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).isEmpty();
  }

  @Test
  void aWipedStatusIsWrittenOnceAndNothingElse() {
    String name = NAMES.getFirst();
    StorageInstance before = stage.instance(name);
    stage.operator().writes().forget();

    StorageInstance wiped = stage.instance(name);
    wiped.setStatus(null);
    stage.client().resource(wiped).updateStatus();
    stage.awaitReady(name);

    assertThat(stage.operator().writes().seen())
        .singleElement()
        .asString()
        .contains("PATCH", name + "/status");
    assertThat(stage.instance(name).getStatus())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*lastTransitionTime")
        .isEqualTo(before.getStatus());
  }

  /** What a run asks of the API server; told, and not judged. */
  @Test
  void theRequestsOfARunAtRestAreTold() {
    for (String name : TOLD) {
      stage.awaitRest();
      long runs = stage.operator().runs();
      stage.operator().writes().forget();
      for (int turn = 1; turn <= FEW_TURNS; turn++) {
        stage.touch(name, -turn);
      }
      System.out.printf(
          "figure: %s at rest: %d requests that look in %d runs%n",
          name, stage.operator().writes().looks(), stage.operator().runs() - runs);
    }
  }

  /** And the way of a new instance to Ready. */
  @Test
  void theRequestsUntilReadyAreTold() {
    for (String backend : List.of("SQLite", "PostgreSQL")) {
      stage.awaitRest();
      long runs = stage.operator().runs();
      stage.operator().writes().forget();
      String name = "told-" + backend.toLowerCase(Locale.ROOT);
      stage.create(name, "{backend: %s}".formatted(backend));
      stage.awaitReady(name);
      System.out.printf(
          "figure: %s to Ready: %d writes and %d requests that look in %d runs%n",
          backend,
          stage.operator().writes().seen().size(),
          stage.operator().writes().looks(),
          stage.operator().runs() - runs);
    }
  }

  @Test
  void theWayToReadyTakesFewWrites() {
    stage.operator().writes().forget();
    stage.create("counted", "{backend: PostgreSQL}");
    stage.awaitReady("counted");
    List<String> seen = stage.operator().writes().seen();
    // Finalizer, what the role has, credentials, ConfigMap twice, two Services, StatefulSet, epoch,
    // binding; the rest
    // is status.
    assertThat(seen).filteredOn(w -> !w.contains("counted/status")).hasSize(10);
    // On a busy machine a run may have an old copy and say the same once more, which changes
    // nothing.
    assertThat(seen.stream().distinct())
        .filteredOn(w -> w.contains("counted/status"))
        .hasSizeLessThanOrEqualTo(4);
  }
}
