package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Back;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.Large;
import dev.wharfinger.api.v1alpha1.MigrationPolicy;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Command;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.Flyway;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationSpec;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.OperatorConfig.PostgresImage;
import dev.wharfinger.operator.job.TransferJob.Target;
import dev.wharfinger.operator.migration.ScratchServer;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SchemaModel;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Jobs of a move, compared with files. With {@code -Dgolden.write=true} the files are written.
 */
class MigrationJobsGoldenTest {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();
  private static final Place PLACE =
      new Place("node-1", List.of(new Toleration("NoSchedule", "dedicated", "Exists", null, null)));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preflight",
        "preflight-derive-pinned",
        "preflight-dry-run",
        "transfer",
        "transfer-derive",
        "transfer-policies",
        "abort",
        "preflight-backward",
        "transfer-backward",
        "preflight-rollback",
        "transfer-rollback",
        "transfer-again",
        "abort-backward",
        "schema-flyway",
        "schema-flyway-options",
        "schema-command",
        "standing-command-sqlite",
        "standing-command-postgresql"
      })
  void T06_desiredJob(String name) throws IOException {
    String yaml = YAML.asYaml(desired(name));
    Path file = Path.of("src/test/resources/golden/migration", name + ".yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, yaml);
    }
    // As values: the order of labels is nobody's concern.
    assertThat(YAML.unmarshal(yaml, Map.class))
        .isEqualTo(YAML.unmarshal(Files.readString(file), Map.class));
  }

  @Test
  void namesFitIntoALabelHoweverLongTheMigrationsIs() {
    String longest = "a".repeat(253);
    for (JobRole role : JobRole.values()) {
      assertThat(Move.jobName(longest, role)).hasSizeLessThanOrEqualTo(63);
    }
    assertThat(Move.jobName(longest, JobRole.ABORT))
        .isNotEqualTo(Move.jobName(longest.substring(1) + "b", JobRole.ABORT));
  }

  private static Job desired(String name) {
    Move move = move(false);
    return switch (name) {
      case "preflight" -> TransferJob.preflight(move, Target.SCHEMA, null);
      case "preflight-derive-pinned" -> TransferJob.preflight(move, Target.EMPTY, PLACE);
      case "preflight-dry-run" -> TransferJob.preflight(move(true), Target.EMPTY, null);
      case "transfer" -> TransferJob.transfer(move, Target.SCHEMA);
      case "transfer-derive" -> TransferJob.transfer(move, Target.EMPTY);
      case "transfer-policies" -> TransferJob.transfer(decided(move), Target.SCHEMA);
      case "abort" -> AbortJob.desired(move);
      case "preflight-backward" -> TransferJob.preflight(backward(), Target.EMPTY, PLACE);
      case "transfer-backward" -> TransferJob.transfer(backward(), Target.EMPTY);
      case "preflight-rollback" -> TransferJob.preflight(rollback(), Target.EMPTY, null);
      case "transfer-rollback" -> TransferJob.transfer(rollback(), Target.EMPTY);
      case "transfer-again" -> TransferJob.transfer(move, Target.RETAINED);
      case "abort-backward" -> AbortJob.desired(backward());
      case "schema-flyway" ->
          FlywayJob.desired(move, new Flyway(new LocalRef("app-sql"), null, null, null));
      case "schema-flyway-options" ->
          FlywayJob.desired(
              move,
              new Flyway(
                  new LocalRef("app-sql"),
                  new LocalRef("app-sqlite-sql"),
                  Map.of("owner", "app", "price", "$(PGPASSWORD)"),
                  "2.1"));
      // CLB-20: the application's own command in its own image, which never reaches its own data.
      case "schema-command" -> command(move);
      // The same outside of a move, where the data is.
      case "standing-command-sqlite" -> standing(move, Backend.SQLITE);
      case "standing-command-postgresql" -> standing(move, Backend.POSTGRESQL);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Move decided(Move move) {
    StorageMigration migration = move.migration();
    migration.setSpec(
        new StorageMigrationSpec(
            migration.getSpec().instanceRef(),
            migration.getSpec().from(),
            migration.getSpec().to(),
            false,
            List.of(
                new MigrationPolicy(MigrationPolicy.Kind.ORPHANS, "comment", null, "delete"),
                new MigrationPolicy(
                    MigrationPolicy.Kind.SOURCE_TIME_ZONE, "note", "at", "Europe/Berlin")),
            null,
            Large.ALWAYS,
            null));
    return new Move(move.model(), migration, move.server());
  }

  /** A word that only one side knows would be accepted, and then stop the Job. */
  @Test
  void everyKindOfPolicyIsKnownToTheRunner() {
    assertThat(MigrationPolicy.Kind.values())
        .extracting(MigrationPolicy.Kind::word)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(PolicyKind.values()).map(PolicyKind::word).toList());
  }

  private static Job command(Move move) {
    PodSpec consumer = read("consumer.yaml", Deployment.class).getSpec().getTemplate().getSpec();
    Container container =
        SchemaCommandJob.container(consumer, null, move.model().names().binding()).orElseThrow();
    return SchemaCommandJob.desired(
        move,
        consumer,
        container,
        new Command(List.of("alembic", "upgrade", "head"), null, List.of("alembic", "heads")));
  }

  private static Job standing(Move move, Backend backend) {
    PodSpec consumer = read("consumer.yaml", Deployment.class).getSpec().getTemplate().getSpec();
    Container container =
        SchemaCommandJob.container(consumer, null, move.model().names().binding()).orElseThrow();
    boolean sqlite = backend == Backend.SQLITE;
    SchemaModel schema =
        new SchemaModel(
            new ActiveBackend(backend, 1),
            null,
            List.of(),
            new Command(
                List.of("alembic", "upgrade", "head"),
                null,
                sqlite ? List.of("alembic", "heads") : null),
            true,
            true,
            sqlite,
            false);
    return StandingCommandJob.desired(
        move.model(), schema, consumer, container, sqlite ? PLACE : null);
  }

  private static Move move(boolean dryRun) {
    StorageMigration migration = read("migration.yaml", StorageMigration.class);
    InstanceModel model = InstanceModel.of(read("instance.yaml", StorageInstance.class), config());
    return new Move(
        model, migration, dryRun ? ScratchServer.of(model, migration) : PostgresqlServer.of(model));
  }

  private static Move backward() {
    return back(Back.COPY);
  }

  private static Move rollback() {
    return back(Back.ROLLBACK);
  }

  private static Move back(Back back) {
    Move move = move(false);
    StorageMigrationSpec spec = move.migration().getSpec();
    move.migration()
        .setSpec(
            new StorageMigrationSpec(
                spec.instanceRef(),
                Backend.POSTGRESQL,
                Backend.SQLITE,
                spec.dryRun(),
                null,
                back,
                null,
                null));
    return move;
  }

  private static OperatorConfig config() {
    return new OperatorConfig(
        Set.of("demo"),
        "wharfinger",
        "wharfinger-0",
        "registry.example/wharfinger:1",
        List.of(new LocalObjectReference("registry")),
        Map.of("17", new PostgresImage("registry.example/postgres:17", 999, 999)),
        true,
        Duration.ofMinutes(15),
        false,
        8080);
  }

  private static <T> T read(String file, Class<T> type) {
    try (InputStream in =
        MigrationJobsGoldenTest.class.getResourceAsStream("/golden/migration/input/" + file)) {
      return YAML.unmarshal(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8), type);
    } catch (IOException e) {
      throw new IllegalStateException(file, e);
    }
  }
}
