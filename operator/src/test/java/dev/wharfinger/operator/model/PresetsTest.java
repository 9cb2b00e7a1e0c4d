package dev.wharfinger.operator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.BindingPresets;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.Repository;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetsTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "presets");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| ([^|]+) \\|");

  static Stream<String> presets() {
    return Preset.names().stream();
  }

  /** One file for each; {@code -Dgolden.write=true} writes what comes of it. */
  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetGivesWhatIsWrittenDown(String preset) throws IOException {
    Map<String, Object> both = new TreeMap<>();
    for (Backend backend : Backend.values()) {
      both.put(backend.value(), Preset.keys(preset, backend));
    }
    Path file = GOLDEN.resolve(preset + ".yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, Yaml.write(both));
    }
    assertThat(Yaml.write(both)).isEqualTo(Files.readString(file));
  }

  /** As above, with those keys alone that are others then; {@code {}} where none is. */
  @ParameterizedTest
  @MethodSource("presets")
  void PHX_22_everyPresetVerifiesAsIsWrittenDown(String preset) throws IOException {
    String verifying = Yaml.write(Preset.verifying(preset));
    Path file = GOLDEN.resolve("verify-full").resolve(preset + ".yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, verifying);
    }
    assertThat(verifying).isEqualTo(Files.readString(file));
  }

  /** Those that have words of their own for it; the goldens have the URLs of the others. */
  @ParameterizedTest
  @ValueSource(
      strings = {"authentik", "forgejo", "gitea", "grafana", "n8n", "paperless-ngx", "vikunja"})
  void PHX_22_theWordsForTlsAreTold(String preset) {
    Map<String, String> verifying = Preset.verifying(preset);
    assertThat(verifying.keySet()).isNotEmpty().allMatch(key -> key.matches(".*(SSL|_CA_).*"));
    assertThat(verifying.values())
        .allMatch(v -> List.of("true", "verify-full", "/etc/wharfinger/app/ca.crt").contains(v));
  }

  @Test
  void theApiNamesThoseThatThereAre() {
    assertThat(BindingPresets.NAMES)
        .isEqualTo(
            String.join(", ", Preset.names().stream().map(name -> "'" + name + "'").toList()));
  }

  @Test
  void thePageListsThoseThatThereAre() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    ROW.matcher(Files.readString(Repository.root().resolve("docs/applications.md")))
        .results()
        .forEach(m -> listed.put(m.group(1), m.group(2)));
    Map<String, String> known = new TreeMap<>();
    BindingPreset.ALL.forEach((name, preset) -> known.put(name, preset.application()));
    assertThat(listed).isEqualTo(known);
  }

  @ParameterizedTest
  @MethodSource("presets")
  void nothingOfOneBackendIsLeftOnTheOther(String preset) {
    assertThat(Preset.keys(preset, Backend.SQLITE).values())
        .noneMatch(v -> v.contains("postgres") || v.contains("5432"));
    assertThat(Preset.keys(preset, Backend.POSTGRESQL).values())
        .noneMatch(v -> v.contains("sqlite") || v.contains(".db"));
  }

  @ParameterizedTest
  @MethodSource("presets")
  void PHX_20_noUrlCarriesPoolParameters(String preset) {
    assertThat(Preset.keys(preset, Backend.POSTGRESQL).values())
        .filteredOn(v -> v.contains("://"))
        .noneMatch(v -> v.contains("pool") || v.contains("overflow"));
  }

  @Test
  void PHX_01_PHX_11_phoenixReadsOneVariableOnBothBackends() {
    assertThat(Preset.keys("phoenix", Backend.SQLITE))
        .containsExactly(Map.entry("PHOENIX_SQL_DATABASE_URL", "sqlite:////mnt/data/app.db"));
    assertThat(Preset.keys("phoenix", Backend.POSTGRESQL))
        .containsOnlyKeys("PHOENIX_SQL_DATABASE_URL")
        .hasEntrySatisfying(
            "PHOENIX_SQL_DATABASE_URL",
            v ->
                assertThat(v)
                    .startsWith("postgresql://app:")
                    .endsWith("@app-postgresql.shop.svc:5432/app?sslmode=disable"));
  }

  @Test
  void CLB_08_codexLbIsToldThePool() {
    assertThat(Preset.keys("codex-lb", Backend.POSTGRESQL))
        .containsEntry("CODEX_LB_DATABASE_POOL_SIZE", "20")
        .containsEntry("CODEX_LB_DATABASE_MAX_OVERFLOW", "10");
  }

  @Test
  void CLB_14_bothPoolsOfCodexLbAreCounted() throws IOException {
    assertThat(exampleModel("codex-lb").pool().enginesPerReplica()).isEqualTo(2);
  }

  @Test
  void OXY_42_OXY_53_unsetOnSqliteAndTheKeyStaysWhereItWas() {
    assertThat(Preset.keys("oxy", Backend.SQLITE))
        .containsExactly(Map.entry("OXY_STATE_DIR", "/mnt/data"));
    assertThat(Preset.keys("oxy", Backend.POSTGRESQL))
        .containsEntry("OXY_STATE_DIR", "/mnt/data")
        .containsKey("OXY_DATABASE_URL");
  }

  @Test
  void OXY_03_theStateFolderIsTheVolumeAndTheFileHasOxysName() throws IOException {
    assertThat(example("oxy", Backend.SQLITE))
        .containsEntry("OXY_STATE_DIR", "/var/lib/oxy")
        .containsEntry("path", "/var/lib/oxy/db.sqlite");
  }

  @Test
  void PIP_02_theFileOfPipelitHasItsNameAndAnAbsolutePath() throws IOException {
    assertThat(example("pipelit", Backend.SQLITE))
        .containsEntry("DATABASE_URL", "sqlite:////data/db.sqlite3");
  }

  @Test
  void PIP_08_theUrlOfPipelit() {
    assertThat(Preset.keys("pipelit", Backend.POSTGRESQL).get("DATABASE_URL"))
        .startsWith("postgresql://app:")
        .endsWith("@app-postgresql.shop.svc:5432/app");
  }

  @Test
  void CLO_07_CLO_10_CLO_25_theVariableIsThereOnBothBackends() {
    assertThat(Preset.keys("cloacina", Backend.SQLITE))
        .containsEntry("DATABASE_URL", "sqlite:///mnt/data/app.db");
    assertThat(Preset.keys("cloacina", Backend.POSTGRESQL).get("DATABASE_URL"))
        .endsWith("?sslmode=disable");
  }

  /** From one resource, with no word about the database in it but the backend. */
  @Test
  void CLO_14_CLO_23_theSameVariableOnBothBackendsAndADatabaseCalledAsTheApplication()
      throws IOException {
    assertThat(example("cloacina", Backend.SQLITE))
        .containsEntry("DATABASE_URL", "sqlite:///data/workflows.db");
    assertThat(example("cloacina", Backend.POSTGRESQL).get("DATABASE_URL"))
        .startsWith("postgresql://cloacina:")
        .endsWith("@cloacina-postgresql.shop.svc:5432/cloacina?sslmode=disable");
  }

  @Test
  void filesAreReadBackByTheirParsers() throws IOException {
    String url = Preset.binding(Backend.POSTGRESQL).get("uri");
    assertThat(
            new YAMLMapper()
                .readTree(Preset.keys("home-assistant", Backend.POSTGRESQL).get("secrets.yaml"))
                .get("recorder_db")
                .textValue())
        .isEqualTo(url);
    assertThat(
            new ObjectMapper()
                .readTree(
                    Preset.keys("langflow", Backend.POSTGRESQL)
                        .get("LANGFLOW_DB_CONNECTION_SETTINGS"))
                .get("pool_size")
                .intValue())
        .isEqualTo(20);
  }

  @Test
  void anApplicationThatNamesItsFileItselfNeedsThatFile() {
    InstanceModel model = instance("backend: SQLite\n  binding: {preset: oxy}");
    assertThatThrownBy(() -> BindingTemplate.check(model))
        .isInstanceOf(StalledException.class)
        .hasMessageStartingWith(
            "binding.preset oxy is for an application that always names its file db.sqlite")
        .hasMessageContaining("sqlite.databases: [db.sqlite]");
    assertThat(
            BindingTemplate.render(
                model, Backend.POSTGRESQL, BindingValues.of(model, Backend.POSTGRESQL, "p")))
        .containsKey("OXY_DATABASE_URL");
  }

  @Test
  void whatTheResourceSaysItselfWins() {
    InstanceModel model =
        instance("backend: SQLite\n  binding: {preset: grafana, env: {GF_DATABASE_WAL: 'false'}}");
    assertThat(
            BindingTemplate.render(
                model, Backend.SQLITE, BindingValues.of(model, Backend.SQLITE, null)))
        .containsEntry("GF_DATABASE_WAL", "false")
        .containsEntry("GF_DATABASE_TYPE", "sqlite3");
  }

  @Test
  void aPresetOfAnotherVersionIsSaid() {
    InstanceModel model = instance("backend: SQLite\n  binding: {preset: newer}");
    assertThatThrownBy(() -> BindingTemplate.check(model))
        .hasMessageStartingWith(
            "binding.preset newer is not known to this operator; it has airflow");
  }

  /** The API server takes them elsewhere; here they give a binding. */
  @Test
  void theResourcesOfThePagesCanBeRendered() throws IOException {
    List<String> resources = new ArrayList<>();
    for (String page : List.of("binding.md", "applications.md")) {
      Pattern.compile("(?s)```yaml\n(.*?)```")
          .matcher(Files.readString(Repository.root().resolve("docs").resolve(page)))
          .results()
          .map(m -> m.group(1))
          .filter(yaml -> yaml.contains("kind: StorageInstance"))
          .forEach(resources::add);
    }
    assertThat(resources).hasSizeGreaterThan(2);
    for (String yaml : resources) {
      // The API server's default.
      String text =
          yaml.contains("backend:") ? yaml : yaml.replace("spec:\n", "spec:\n  backend: SQLite\n");
      StorageInstance instance = Yaml.read(StorageInstance.class, text);
      instance.getMetadata().setNamespace("shop");
      InstanceModel model = InstanceModel.of(instance, RunningOperator.config("shop"));
      BindingTemplate.check(model);
    }
  }

  /** The whole binding that {@code examples/<application>} gives. */
  private static Map<String, String> example(String application, Backend backend)
      throws IOException {
    InstanceModel model = exampleModel(application);
    BindingTemplate.check(model);
    return BindingTemplate.render(
        model, backend, BindingValues.of(model, backend, Preset.PASSWORD));
  }

  private static InstanceModel exampleModel(String application) throws IOException {
    Path file =
        Repository.root().resolve("examples").resolve(application).resolve("storageinstance.yaml");
    StorageInstance instance = Yaml.read(StorageInstance.class, Files.readString(file));
    instance.getMetadata().setNamespace("shop");
    return InstanceModel.of(instance, RunningOperator.config("shop"));
  }

  private static InstanceModel instance(String spec) {
    return InstanceModel.of(
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: app, namespace: shop, uid: u}
            spec:
              %s
            """
                .formatted(spec)),
        RunningOperator.config("shop"));
  }
}
