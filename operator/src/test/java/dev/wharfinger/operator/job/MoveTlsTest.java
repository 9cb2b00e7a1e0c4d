package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Flyway;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationSpec;
import dev.wharfinger.operator.job.TransferJob.Target;
import dev.wharfinger.operator.migration.CandidateBinding;
import dev.wharfinger.operator.migration.ScratchServer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.model.ServerTls;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A move's Jobs speak TLS with a server that does, and get nothing of its key. */
class MoveTlsTest {
  private static final String NOW = "2026-01-01T00:00:00Z";

  private static InstanceModel model(String mode) {
    return InstanceModel.of(
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: notes, namespace: demo, uid: i}
            spec: {backend: SQLite, ssl: {mode: %s}}
            """
                .formatted(mode)),
        RunningOperator.config("demo"));
  }

  private static StorageMigration migration(Backend to) {
    StorageMigration migration = new StorageMigration();
    migration.setMetadata(
        new ObjectMetaBuilder()
            .withName("notes-2")
            .withNamespace("demo")
            .withUid("00000000-0000-0000-0000-000000000001")
            .build());
    migration.setSpec(
        new StorageMigrationSpec(
            new LocalRef("notes"),
            to == Backend.SQLITE ? Backend.POSTGRESQL : Backend.SQLITE,
            to,
            false,
            null,
            null,
            null,
            null));
    return migration;
  }

  private static Move move(String mode, ServerTls server, @Nullable String ca, Backend to) {
    InstanceModel model = model(mode).trusting(ca);
    return new Move(model, migration(to), PostgresqlServer.of(model).with(server));
  }

  private static Stream<Job> jobs(Move move) {
    return Stream.of(
        TransferJob.preflight(move, Target.EMPTY, null),
        TransferJob.transfer(move, Target.EMPTY),
        AbortJob.desired(move),
        FlywayJob.desired(move, new Flyway(new LocalRef("files"), null, null, null)));
  }

  private static String args(Job job) {
    return String.join(
        " ", job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs());
  }

  private static List<Volume> secrets(Job job) {
    return job.getSpec().getTemplate().getSpec().getVolumes().stream()
        .filter(v -> v.getSecret() != null)
        .toList();
  }

  @Test
  void everyJobVerifiesTheServer() {
    for (String mode : List.of("prefer", "require", "verify-full")) {
      assertThat(
              jobs(move(mode, ServerTls.OFFERED, "PEM", Backend.POSTGRESQL))
                  .filter(job -> !args(job).contains("transfer-abort")))
          .hasSize(3)
          .allSatisfy(job -> {
            assertThat(args(job)).contains("?sslmode=verify-full&sslrootcert=/ca/ca.crt");
            assertThat(secrets(job))
                .singleElement()
                .satisfies(v -> {
                  assertThat(v.getSecret().getSecretName()).isEqualTo("notes-postgresql-tls");
                  assertThat(v.getSecret().getItems())
                      .singleElement()
                      .returns("ca.crt", i -> i.getKey());
                });
          });
    }
  }

  /** Only it can give the application back. */
  @Test
  void noCertificateKeepsTheAbortFromIt() {
    Job abort =
        AbortJob.desired(move("verify-full", ServerTls.DEMANDED, "PEM", Backend.POSTGRESQL));
    assertThat(args(abort)).contains("?sslmode=require ");
    assertThat(secrets(abort)).isEmpty();
  }

  @Test
  void theWayBackVerifiesItToo() {
    Move move = move("require", ServerTls.OFFERED, "PEM", Backend.SQLITE);
    assertThat(args(TransferJob.transfer(move, Target.EMPTY))).contains("sslmode=verify-full");
    // It asks the file alone.
    assertThat(secrets(AbortJob.desired(move))).isEmpty();
  }

  /** The spec may ask for TLS in a move; the server gets it behind the move only. */
  @Test
  void whatTheServerSpeaksCountsAndNotTheSpec() {
    assertThat(jobs(move("verify-full", ServerTls.OFF, "PEM", Backend.POSTGRESQL)))
        .allSatisfy(job -> {
          assertThat(args(job)).contains("?sslmode=prefer");
          assertThat(secrets(job)).isEmpty();
        });
    assertThat(jobs(move("disable", ServerTls.OFFERED, "PEM", Backend.POSTGRESQL)))
        .allSatisfy(job -> assertThat(args(job)).contains("?sslmode=require"));
  }

  /** A dry run's server has a certificate of its own, and the schema command is told so. */
  @Test
  void aDryRunVerifiesTheServerThatItHas() {
    InstanceModel model = model("verify-full");
    StorageMigration migration = migration(Backend.POSTGRESQL);
    PostgresqlServer scratch = ScratchServer.of(model, migration);
    List<HasMetadata> objects = ScratchServer.objects(model, scratch, Instant.parse(NOW));
    Secret tls =
        objects.stream()
            .filter(Secret.class::isInstance)
            .map(Secret.class::cast)
            .filter(s -> s.getMetadata().getName().equals(scratch.certificate()))
            .findFirst()
            .orElseThrow();
    assertThat(tls.getData()).containsOnlyKeys("tls.crt", "tls.key", "ca.crt");
    assertThat(tls.getMetadata().getOwnerReferences())
        .singleElement()
        .returns("StorageMigration", o -> o.getKind());

    String ca = text(tls, "ca.crt");
    Move move = new Move(model.trusting(ca), migration, scratch);
    assertThat(args(TransferJob.preflight(move, Target.EMPTY, null)))
        .contains("@" + scratch.host() + ":5432")
        .contains("sslmode=verify-full");
    Secret candidate = CandidateBinding.desired(move, null);
    assertThat(text(candidate, "ca.crt")).isEqualTo(ca);
    assertThat(text(candidate, "uri-ssl"))
        .contains("@" + scratch.host() + ":5432")
        .endsWith("sslmode=verify-full&sslrootcert=/etc/wharfinger/notes/ca.crt");
  }

  private static String text(Secret secret, String key) {
    return Objects.requireNonNull(SecretText.of(secret, key));
  }
}
