package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Somebody else writes between our read and our write. */
class InterferenceIT {
  private static final String ANNOTATE =
      "{\"metadata\":{\"annotations\":{\"example.com/n\":\"1\"}}}";
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("interference");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void aConflictHealsAndIsNoNewsInTheStatus() {
    stage.create("busy", "{}");
    stage.awaitReady("busy");
    String good = stage.get(Secret.class, "busy-binding").getData().get("uri");
    List<String> phases = new CopyOnWriteArrayList<>();
    stage.operator().writes().forget();
    stage
        .operator()
        .writes()
        .justBefore("PUT", () -> stage.merge(Secret.class, "busy-binding", ANNOTATE));
    stage.merge(Secret.class, "busy-binding", "{\"data\":{\"uri\":\"eA==\"}}");

    await()
        .until(() -> {
          phases.add(String.valueOf(stage.instance("busy").getStatus().phase()));
          return Objects.equals(good, stage.get(Secret.class, "busy-binding").getData().get("uri"));
        });
    stage.awaitReady("busy");
    assertThat(phases).containsOnly("Ready");
    assertThat(stage.operator().writes().seen()).hasSize(2).allMatch(w -> w.startsWith("PUT"));
    assertThat(stage.get(Secret.class, "busy-binding").getMetadata().getAnnotations())
        .containsEntry("example.com/n", "1");
  }

  @Test
  void OXY_26_aForeignObjectThatComesAtTheLastMomentIsLeftAlone() {
    stage
        .operator()
        .writes()
        .justBefore(
            "POST",
            () ->
                stage
                    .client()
                    .resource(
                        new SecretBuilder()
                            .withNewMetadata()
                            .withName("race-credentials")
                            .withNamespace(stage.namespace())
                            .endMetadata()
                            .addToData("password", "eA==")
                            .build())
                    .create());
    stage.create("race", "{backend: PostgreSQL}");
    assertThat(stage.awaitStalled("race", "NameConflict")).contains("race-credentials");
    assertThat(stage.get(Secret.class, "race-credentials").getData())
        .containsOnlyKeys("password")
        .containsEntry("password", "eA==");
    assertThat(stage.get(StorageInstance.class, "race").getStatus().phase()).isEqualTo("Blocked");
  }
}
