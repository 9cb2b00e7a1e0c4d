package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationSpec;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A volume may be at home on a node that lets nobody in but the application. */
class MigrationJobFactoryTest {
  private static final InstanceModel MODEL =
      InstanceModel.of(
          Yaml.read(
              StorageInstance.class,
              """
              apiVersion: wharfinger.dev/v1alpha1
              kind: StorageInstance
              metadata: {name: notes, namespace: demo, uid: i}
              spec: {backend: PostgreSQL}
              """),
          RunningOperator.config("demo"));
  private static final Deployment APPLICATION =
      Yaml.read(
          Deployment.class,
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: app, namespace: demo, uid: d}
          spec:
            replicas: 0
            template:
              spec:
                tolerations: [{key: dedicated, operator: Exists}, {key: disk, operator: Exists}]
                containers: [{name: app, image: example}]
          """);

  @ParameterizedTest
  @EnumSource(
      value = JobRole.class,
      names = {"PREFLIGHT", "TRANSFER", "ABORT"})
  void whoReachesTheVolumeIsLetInWhereTheApplicationIs(JobRole role) {
    StorageMigration migration = new StorageMigration();
    migration.setMetadata(
        new ObjectMetaBuilder().withName("notes-2").withNamespace("demo").withUid("m").build());
    migration.setSpec(
        new StorageMigrationSpec(
            new LocalRef("notes"),
            Backend.POSTGRESQL,
            Backend.SQLITE,
            false,
            null,
            null,
            null,
            null));
    Place place =
        new Place(
            "node-1",
            List.of(
                new Toleration(null, "dedicated", "Exists", null, null),
                new Toleration("NoExecute", "node.kubernetes.io/not-ready", "Exists", 300L, null)));
    Job job =
        new MigrationJobFactory(
                new Move(MODEL, migration, PostgresqlServer.of(MODEL)),
                List.of(FoundConsumer.of(APPLICATION, new FoundConsumer.Asker("m", Set.of("m")))),
                place,
                null)
            .job(role);

    PodSpec pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getTolerations()).extracting(Toleration::getKey).contains("dedicated", "disk");
    assertThat(pod.getTolerations()).doesNotHaveDuplicates();
    if (role == JobRole.PREFLIGHT) {
      assertThat(pod.getTolerations())
          .extracting(Toleration::getKey)
          .contains("node.kubernetes.io/not-ready");
    }
  }
}
