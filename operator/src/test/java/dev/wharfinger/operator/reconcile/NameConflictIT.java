package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.Stage;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** OXY-26: an object of a name we need that is not ours is reported, never adopted or changed. */
class NameConflictIT {
  private static final String CLAIM =
      "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";
  private static final String POD =
      "{restartPolicy: Never, containers: [{name: c, image: registry.example/c:1}]}";
  private static Stage stage;

  @BeforeAll
  static void open() {
    stage = Stage.open("conflicts");
  }

  @AfterAll
  static void close() {
    stage.close();
  }

  /**
   * A foreign object.
   *
   * @param instance name of the instance it is in the way of
   */
  private record Foreign(
      Class<? extends HasMetadata> type,
      String instance,
      String suffix,
      String backend,
      String rest) {
    String name() {
      return suffix.startsWith("data-") ? suffix.replace("NAME", instance) : instance + suffix;
    }
  }

  @TestFactory
  Stream<DynamicTest> OXY_26_foreignObjectsAreLeftAlone() {
    return Stream.of(
            new Foreign(Secret.class, "a", "-credentials", "PostgreSQL", "data: {password: eA==}"),
            new Foreign(
                Secret.class, "j", "-postgresql-role", "PostgreSQL", "data: {password: eA==}"),
            new Foreign(Secret.class, "b", "-binding", "SQLite", "data: {uri: eA==}"),
            new Foreign(
                Service.class, "c", "-postgresql", "PostgreSQL", "spec: {ports: [{port: 1}]}"),
            new Foreign(
                Service.class,
                "d",
                "-postgresql-headless",
                "PostgreSQL",
                "spec: {ports: [{port: 1}]}"),
            new Foreign(ConfigMap.class, "e", "-postgresql", "PostgreSQL", "data: {k: v}"),
            new Foreign(PersistentVolumeClaim.class, "f", "-data", "SQLite", "spec: " + CLAIM),
            new Foreign(
                PersistentVolumeClaim.class,
                "g",
                "data-NAME-postgresql-0",
                "PostgreSQL",
                "spec: " + CLAIM),
            new Foreign(
                StatefulSet.class,
                "h",
                "-postgresql",
                "PostgreSQL",
                "spec: {serviceName: x, replicas: 0, selector: {matchLabels: {a: b}}, template:"
                    + " {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: c}]}}}"),
            new Foreign(
                Job.class,
                "i",
                "-init-" + "HASH",
                "SQLite",
                "spec: {template: {spec: " + POD + "}}"))
        .map(f ->
            DynamicTest.dynamicTest(f.type().getSimpleName() + " " + f.name(), () -> check(f)));
  }

  private static void check(Foreign foreign) {
    String name =
        foreign
            .name()
            .replace(
                "HASH",
                dev.wharfinger.operator.model.Names.hash(
                    foreign.instance() + ".db\nWAL\n65532\n65532"));
    String kind = HasMetadata.getKind(foreign.type());
    stage
        .client()
        .resource(
            Yaml.read(
                foreign.type(),
                """
                apiVersion: %s
                kind: %s
                metadata: {name: %s, namespace: %s, labels: {mine: yours}}
                %s
                """
                    .formatted(
                        HasMetadata.getApiVersion(foreign.type()),
                        kind,
                        name,
                        stage.namespace(),
                        foreign.rest())))
        .create();
    stage.awaitRest();
    String before = Yaml.write(stripped(stage.get(foreign.type(), name)));

    stage.create(foreign.instance(), "{backend: " + foreign.backend() + "}");

    assertThat(stage.awaitStalled(foreign.instance(), "NameConflict"))
        .startsWith(kind + " " + name + " exists and was not made by this operator");
    stage.awaitRest();
    assertThat(Yaml.write(stripped(stage.get(foreign.type(), name)))).isEqualTo(before);
  }

  /** Without what the stand-ins for controllers do to everybody's objects. */
  private static HasMetadata stripped(HasMetadata object) {
    object.getMetadata().setManagedFields(null);
    object.getMetadata().setResourceVersion(null);
    var map =
        Yaml.read(
            io.fabric8.kubernetes.api.model.GenericKubernetesResource.class, Yaml.write(object));
    map.getAdditionalProperties().remove("status");
    return map;
  }
}
