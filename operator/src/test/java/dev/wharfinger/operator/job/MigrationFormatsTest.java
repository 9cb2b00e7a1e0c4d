package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Back;
import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationFormat;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageInstanceSpec;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationSpec;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.OperatorConfig.PostgresImage;
import dev.wharfinger.operator.job.TransferJob.Target;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.runner.transfer.format.Format;
import dev.wharfinger.runner.transfer.format.Formats;
import dev.wharfinger.runner.transfer.sqlite.SourceColumn.Affinity;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The formats of a move's resource are words that the runner knows, and get to it. */
class MigrationFormatsTest {
  private static final List<MigrationFormat> FORMATS =
      List.of(
          new MigrationFormat("note", "created", "YYYY-MM-DD HH:MM:SS"),
          new MigrationFormat(null, null, "uuid-32"));

  private static final Pattern KNOWN = Pattern.compile(MigrationFormat.KNOWN);

  private static Move move(Backend to, @Nullable Back back) {
    StorageInstance instance = new StorageInstance();
    instance.setMetadata(
        new ObjectMetaBuilder().withName("notes").withNamespace("demo").withUid("i").build());
    instance.setSpec(StorageInstanceSpec.defaults());
    StorageMigration migration = new StorageMigration();
    migration.setMetadata(
        new ObjectMetaBuilder().withName("notes-2").withNamespace("demo").withUid("m").build());
    migration.setSpec(
        new StorageMigrationSpec(
            new LocalRef("notes"),
            to == Backend.SQLITE ? Backend.POSTGRESQL : Backend.SQLITE,
            to,
            false,
            null,
            back,
            null,
            FORMATS));
    OperatorConfig config =
        new OperatorConfig(
            Set.of("demo"),
            "wharfinger",
            "wharfinger-0",
            "registry.example/wharfinger:1",
            List.of(),
            Map.of("17", new PostgresImage("registry.example/postgres:17", 999, 999)),
            true,
            Duration.ofMinutes(15),
            false,
            8080);
    InstanceModel model = InstanceModel.of(instance, config);
    return new Move(model, migration, PostgresqlServer.of(model));
  }

  private static List<String> args(Job job) {
    return job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs();
  }

  @Test
  void theCopyBackIsToldThem() {
    for (Back back : new Back[] {null, Back.COPY}) {
      Move move = move(Backend.SQLITE, back);
      for (Job job :
          List.of(
              TransferJob.preflight(move, Target.EMPTY, null),
              TransferJob.transfer(move, Target.EMPTY))) {
        assertThat(args(job))
            .containsSequence(
                "--format", "note.created=YYYY-MM-DD HH:MM:SS", "--format", "*=uuid-32");
      }
    }
  }

  @Test
  void otherMovesKnowNoFormats() {
    assertThat(args(TransferJob.transfer(move(Backend.SQLITE, Back.ROLLBACK), Target.EMPTY)))
        .doesNotContain("--format");
    assertThat(args(TransferJob.transfer(move(Backend.POSTGRESQL, null), Target.SCHEMA)))
        .doesNotContain("--format");
  }

  /** A format that only one side knows would be refused here, or stop the Job there. */
  @Test
  void everyFormatOfTheRunnerIsAWordOfTheResource() {
    Set<String> names = new TreeSet<>(Set.of("majority", "json", "text"));
    for (String type :
        "int8 float8 numeric bool text bpchar bytea uuid json jsonb timestamp timestamptz date time interval enum"
            .split(" ")) {
      for (Affinity affinity : Affinity.values()) {
        for (String declared : List.of("", "CHAR(36)", "CHAR(32)", "BLOB")) {
          Formats.of(type, declared, affinity).stream().map(Format::name).forEach(names::add);
        }
      }
    }

    assertThat(names).hasSizeGreaterThan(150).allMatch(name -> KNOWN.matcher(name).matches());
    for (String wrong :
        List.of("never", "YYYY-MM-DD HH:MM:SS.f", "yyyy-mm-dd", "uuid-33", "", "text=x")) {
      assertThat(KNOWN.matcher(wrong).matches()).as(wrong).isFalse();
    }
  }
}
