package dev.wharfinger.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.Crds;
import dev.wharfinger.testing.Repository;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The checked-in CRDs are what the types give. After a change of the types: {@code mvn -q -pl crds
 * test -Dtest=CrdYamlTest -Dcrds.refresh=true}
 */
class CrdYamlTest {
  private static final List<Path> PLACES =
      List.of(Repository.crds(), Repository.chart().resolve("crds"));

  @Test
  void checkedInFilesAreWhatTheTypesGive() throws IOException {
    Map<String, String> generated = CrdYaml.generate();
    for (Path place : PLACES) {
      if (Boolean.getBoolean("crds.refresh")) {
        write(place, generated);
      }
      assertThat(read(place))
          .as(
              "%s; refresh with: mvn -q -pl crds test -Dtest=CrdYamlTest -Dcrds.refresh=true",
              place)
          .isEqualTo(generated);
    }
  }

  @Test
  void printerColumnsStandInTheOrderOfTheTypes() {
    assertThat(columns("StorageInstance"))
        .containsExactly("Backend", "Phase", "Ready", "Schema", "Host", "Age");
    assertThat(columns("StorageMigration"))
        .containsExactly(
            "From", "To", "Phase", "Progress", "Rows", "Rows/s", "Seconds-Left", "Age");
    assertThat(columns("StorageBackup"))
        .containsExactly("Instance", "Phase", "Consistent", "Rows", "Bytes", "Set", "Age");
    assertThat(columns("StorageRestore"))
        .containsExactly("Instance", "Phase", "Set", "Consistent", "Rows", "Confirm", "Age");
  }

  /** A rule that is emitted twice makes server-side apply refuse the CRD. */
  @Test
  void rulesAreUniqueAndHaveMessages() {
    assertThat(Crds.load()).hasSize(CrdYaml.TYPES.size());
    for (CustomResourceDefinition crd : Crds.load()) {
      check(
          crd.getMetadata().getName(),
          crd.getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema());
    }
  }

  private static void check(String path, JSONSchemaProps schema) {
    List<ValidationRule> rules = schema.getXKubernetesValidations();
    if (rules != null) {
      assertThat(rules.stream().map(ValidationRule::getRule)).as(path).doesNotHaveDuplicates();
      assertThat(rules).as(path).allSatisfy(rule -> assertThat(rule.getMessage()).isNotBlank());
    }
    if (schema.getProperties() != null) {
      schema.getProperties().forEach((name, child) -> check(path + "." + name, child));
    }
  }

  private static List<String> columns(String kind) {
    List<String> names = new ArrayList<>();
    Crds.load().stream()
        .filter(crd -> crd.getSpec().getNames().getKind().equals(kind))
        .flatMap(crd -> crd.getSpec().getVersions().get(0).getAdditionalPrinterColumns().stream())
        .map(CustomResourceColumnDefinition::getName)
        .forEach(names::add);
    return names;
  }

  private static Map<String, String> read(Path place) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(place)) {
      for (Path file : list.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  private static void write(Path place, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(place.resolve(file.getKey()), file.getValue());
    }
  }
}
