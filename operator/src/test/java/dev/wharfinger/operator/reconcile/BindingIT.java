package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus.BindingStatus;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an application is told, and that nothing but good templates changes it. */
class BindingIT {
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("binding");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  @Test
  void aPresetIsToldAndAnotherTakesItsPlace() {
    stage.create("dash", "{binding: {preset: grafana, env: {MINE: \"{path}\"}}}");
    assertThat(stage.awaitReady("dash").getStatus().binding())
        .isEqualTo(new BindingStatus("dash-binding"));
    assertThat(data("dash"))
        .containsEntry("GF_DATABASE_TYPE", "sqlite3")
        .containsEntry("MINE", "/data/dash.db")
        .doesNotContainKey("GF_DATABASE_HOST");
    Map<String, String> before = binding("dash").getMetadata().getAnnotations();

    binding("dash", "{\"preset\":\"vikunja\"}");
    stage.awaitReady("dash");
    assertThat(data("dash"))
        .containsEntry("VIKUNJA_DATABASE_TYPE", "sqlite")
        .containsEntry("MINE", "/data/dash.db")
        .doesNotContainKey("GF_DATABASE_TYPE");
    assertThat(binding("dash").getMetadata().getAnnotations()).isEqualTo(before);
    restsWithoutWrites("dash");
  }

  @Test
  void templatesOfTheResourceAreToldOnPostgresql() {
    stage.create(
        "custom",
        """
        {backend: PostgreSQL, binding: {
          env: {DB: "{uri-postgres|or:path}", FILE: "{path}", TLS: "{sslmode|map:disable=false,*=true}"},
          files: {app.json: '{"password": {password|json}}'}}}
        """
            .replace("\n", " "));
    stage.awaitReady("custom");
    Map<String, String> data = data("custom");
    assertThat(data)
        .containsEntry("DB", data.get("uri-postgres"))
        .containsEntry("TLS", "false")
        .containsEntry("app.json", "{\"password\": \"" + data.get("password") + "\"}")
        .doesNotContainKey("FILE");
    restsWithoutWrites("custom");
  }

  @Test
  void aBrokenTemplateTakesNothingAway() {
    stage.create(
        "broken",
        "{sqlite: {storage: {size: 1Gi, storageClassName: growing}}, binding: {env: {URL:"
            + " \"{uri}\"}}}");
    stage.awaitReady("broken");
    String version = binding("broken").getMetadata().getResourceVersion();

    binding("broken", "{\"env\":{\"URL\":\"x {uri|ulr}\"}}");
    assertThat(stage.awaitStalled("broken", "BindingTemplateInvalid"))
        .startsWith(
            "binding.env.URL cannot be used, at character 8: filter \"ulr\" is not known; known are"
                + " uri, sq")
        .endsWith("until then Secret broken-binding stays as it was");
    // The application is still served, and what else is asked for is done.
    assertThat(Stage.condition(stage.instance("broken"), "Ready"))
        .returns("True", c -> c.getStatus());
    spec("broken", "{\"sqlite\":{\"storage\":{\"size\":\"2Gi\"}}}");
    stage.awaitStalled("broken", "BindingTemplateInvalid");
    assertThat(
            stage
                .get(PersistentVolumeClaim.class, "broken-data")
                .getSpec()
                .getResources()
                .getRequests()
                .get("storage"))
        .hasToString("2Gi");
    restsWithoutWrites("broken");
    assertThat(binding("broken").getMetadata().getResourceVersion()).isEqualTo(version);

    binding("broken", "{\"env\":{\"URL\":\"x {uri|uri}\"}}");
    stage.awaitReady("broken");
    assertThat(data("broken")).containsEntry("URL", "x sqlite%3A%2F%2F%2F%2Fdata%2Fbroken.db");
  }

  @Test
  void withABrokenTemplateNoMoveBegins() {
    stage.create("stay", "{}");
    stage.awaitReady("stay");
    spec("stay", "{\"backend\":\"PostgreSQL\",\"binding\":{\"env\":{\"URL\":\"{uri\"}}}");
    assertThat(stage.awaitStalled("stay", "BindingTemplateInvalid"))
        .startsWith("binding.env.URL cannot be used, at character 1: the brace is not closed")
        .endsWith("the move waits for that");
    stage.awaitRest();
    assertThat(
            stage
                .client()
                .resources(StorageMigration.class)
                .inNamespace(stage.namespace())
                .list()
                .getItems())
        .noneMatch(m -> m.getMetadata().getName().startsWith("stay-"));

    spec("stay", "{\"binding\":{\"env\":{\"URL\":\"{uri}\"}}}");
    long generation = stage.instance("stay").getMetadata().getGeneration();
    stage.awaitObject(StorageMigration.class, "stay-" + generation);
  }

  @Test
  void aFileThatTheApplicationWouldNotFindIsRefused() {
    stage.create("papers", "{binding: {preset: paperless-ngx}}");
    assertThat(stage.awaitStalled("papers", "BindingPresetUnfit"))
        .contains("always names its file db.sqlite3", "papers.db");
    assertThat(stage.find(Secret.class, "papers-binding")).isNull();
  }

  private static void restsWithoutWrites(String name) {
    stage.awaitRest();
    stage.operator().writes().forget();
    for (int turn = 1; turn <= 3; turn++) {
      stage.touch(name, turn);
    }
    stage.awaitRest();
    assertThat(stage.operator().writes().seen()).noneMatch(w -> w.contains(name));
  }

  private static void binding(String name, String binding) {
    spec(name, "{\"binding\":" + binding + "}");
  }

  private static void spec(String name, String spec) {
    stage.merge(StorageInstance.class, name, "{\"spec\":" + spec + "}");
  }

  private static Secret binding(String name) {
    return stage.get(Secret.class, name + "-binding");
  }

  private static Map<String, String> data(String name) {
    Map<String, String> data = new TreeMap<>();
    binding(name)
        .getData()
        .forEach((key, value) ->
            data.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return data;
  }
}
