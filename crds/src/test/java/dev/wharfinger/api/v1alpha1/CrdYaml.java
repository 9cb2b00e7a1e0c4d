package dev.wharfinger.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The CRDs that the Java types give. */
final class CrdYaml {
  static final List<Class<? extends HasMetadata>> TYPES =
      List.of(
          StorageBackup.class, StorageInstance.class, StorageMigration.class, StorageRestore.class);

  private CrdYaml() {}

  /** File name → content. */
  static Map<String, String> generate() {
    Output output = new Output();
    new CRDGenerator()
        .withMinQuotes(true)
        .withPostProcessor(new ColumnOrder())
        .customResourceClasses(TYPES)
        .withOutput(output)
        .generate();
    Map<String, String> files = new TreeMap<>();
    output.streams.forEach((name, stream) ->
        files.put(name.replaceFirst("-v1$", ".yaml"), stream.toString(StandardCharsets.UTF_8)));
    return files;
  }

  /** The generator sorts printer columns by path; people read them in the order of the types. */
  private static final class ColumnOrder implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata resource, String specVersion) {
      CustomResourceDefinition crd = (CustomResourceDefinition) resource;
      List<String> declared = columns(crd.getSpec().getNames().getKind());
      crd.getSpec()
          .getVersions()
          .forEach(version ->
              version
                  .getAdditionalPrinterColumns()
                  .sort(
                      Comparator.comparingInt(
                          (CustomResourceColumnDefinition c) -> declared.indexOf(c.getName()))));
      return crd;
    }

    private static List<String> columns(String kind) {
      return TYPES.stream()
          .filter(type -> type.getSimpleName().equals(kind))
          .flatMap(type -> Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class)))
          .map(AdditionalPrinterColumn::name)
          .toList();
    }
  }

  private static final class Output implements CRDGenerator.CRDOutput<OutputStream> {
    final Map<String, ByteArrayOutputStream> streams = new TreeMap<>();

    @Override
    public OutputStream outputFor(String crdName) {
      return streams.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
    }

    @Override
    public URI crdURI(String crdName) {
      return URI.create("file:///" + crdName);
    }

    @Override
    public void close() {}
  }
}
