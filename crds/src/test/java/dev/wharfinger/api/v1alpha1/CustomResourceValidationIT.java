package dev.wharfinger.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wharfinger.testing.ApiServerExtension;
import dev.wharfinger.testing.Repository;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a real API server says to the files of {@code src/test/resources/validation}: {@code
 * valid-*} are taken, {@code invalid-*} refused, {@code transition-*} hold two versions of which
 * the second is refused. Every {@code # expect: text} line of a file must stand in the answer; a
 * transition without one is taken.
 */
@ExtendWith(ApiServerExtension.class)
class CustomResourceValidationIT {
  private static final String NAMESPACE = "validation";
  private static final String EXPECT = "# expect: ";

  private static KubernetesClient client;

  @BeforeAll
  static void namespace(KubernetesClient shared) {
    client = shared;
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
  }

  @TestFactory
  Stream<DynamicTest> validFilesAreTaken() throws IOException {
    return cases("valid-")
        .map(c ->
            DynamicTest.dynamicTest(
                c.name, () -> assertThatCode(() -> create(c)).doesNotThrowAnyException()));
  }

  @TestFactory
  Stream<DynamicTest> invalidFilesAreRefusedWithTheWayOut() throws IOException {
    List<Case> cases = cases("invalid-").toList();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(10);
    return cases.stream()
        .map(c -> DynamicTest.dynamicTest(c.name, () -> refused(c, () -> create(c))));
  }

  @TestFactory
  Stream<DynamicTest> transitionsAreJudgedByBothVersions() throws IOException {
    return cases("transition-")
        .map(c ->
            DynamicTest.dynamicTest(
                c.name,
                () -> {
                  apply(c, 0);
                  if (c.expected.isEmpty()) {
                    assertThatCode(() -> apply(c, 1)).doesNotThrowAnyException();
                  } else {
                    refused(c, () -> apply(c, 1));
                  }
                }));
  }

  @Test
  void PHX_01_anEmptySpecIsAUsableSqliteInstance() {
    StorageInstance made =
        create(
            "defaulted",
            new StorageInstanceSpec(
                null, null, null, null, null, null, null, null, null, null, null, null, null));

    assertThat(made.getSpec()).isEqualTo(StorageInstanceSpec.defaults());
  }

  @Test
  void defaultsReachIntoTheBlocksThatAreGiven() {
    GenericKubernetesResource resource =
        Serialization.unmarshal(
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: blocks}
            spec: {sqlite: {storage: {}}, postgresql: {storage: {}}, binding: {}}
            """,
            GenericKubernetesResource.class);
    GenericKubernetesResource made = client.resource(resource).inNamespace(NAMESPACE).create();

    assertThat(made.<String>get("spec", "sqlite", "storage", "size")).isEqualTo("1Gi");
    assertThat(made.<String>get("spec", "sqlite", "journalMode")).isEqualTo("WAL");
    assertThat(made.<Integer>get("spec", "sqlite", "runAsUser")).isEqualTo(65532);
    assertThat(made.<String>get("spec", "postgresql", "version")).isEqualTo("17");
    assertThat(made.<String>get("spec", "postgresql", "storage", "size")).isEqualTo("1Gi");
    assertThat(made.<String>get("spec", "binding", "mountPath")).isEqualTo("/data");
  }

  private static StorageInstance create(String name, StorageInstanceSpec spec) {
    StorageInstance instance = new StorageInstance();
    instance.getMetadata().setName(name);
    instance.setSpec(spec);
    return client.resource(instance).inNamespace(NAMESPACE).create();
  }

  private static void refused(Case c, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    KubernetesClientException refusal = catchThrowableOfType(KubernetesClientException.class, call);
    assertThat(c.expected).as("the file says what it expects").isNotEmpty();
    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.getMessage()).contains(c.expected);
  }

  /** Strict, as kubectl is: an unknown field is refused, not dropped. */
  private static void create(Case c) {
    client
        .resource(c.documents.get(0))
        .inNamespace(NAMESPACE)
        .fieldValidation(Validation.STRICT)
        .create();
  }

  /** As GitOps tools do. */
  private static void apply(Case c, int document) {
    client
        .resource(c.documents.get(document))
        .inNamespace(NAMESPACE)
        .fieldValidation(Validation.STRICT)
        .serverSideApply();
  }

  private static Stream<Case> cases(String prefix) throws IOException {
    try (Stream<Path> files =
        Files.list(Repository.crds().resolve("src/test/resources/validation"))) {
      List<Path> sorted =
          files.filter(f -> f.getFileName().toString().startsWith(prefix)).sorted().toList();
      assertThat(sorted).isNotEmpty();
      return sorted.stream().map(Case::read);
    }
  }

  private record Case(
      String name, List<String> expected, List<GenericKubernetesResource> documents) {
    static Case read(Path file) {
      try {
        String text = Files.readString(file);
        return new Case(
            file.getFileName().toString(),
            text.lines()
                .filter(l -> l.startsWith(EXPECT))
                .map(l -> l.substring(EXPECT.length()))
                .toList(),
            Stream.of(text.split("(?m)^---$"))
                .map(d -> Serialization.unmarshal(d, GenericKubernetesResource.class))
                .toList());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
