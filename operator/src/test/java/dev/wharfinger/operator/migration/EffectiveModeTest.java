package dev.wharfinger.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec.LocalRef;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.api.v1alpha1.StorageMigrationSpec;
import dev.wharfinger.operator.dependent.PostgresqlStatefulSet;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.model.ServerTls;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which TLS mode counts while a move is under way. */
class EffectiveModeTest {
  private static final InstanceModel MODEL =
      InstanceModel.of(
          Yaml.read(
              StorageInstance.class,
              """
              apiVersion: wharfinger.dev/v1alpha1
              kind: StorageInstance
              metadata: {name: notes, namespace: demo, uid: i}
              spec: {backend: PostgreSQL, ssl: {mode: verify-full}}
              """),
          RunningOperator.config("demo"));

  private static String mode(@Nullable StorageMigration move, @Nullable StatefulSet server) {
    return EffectiveMode.of(MODEL, move, server).sslMode();
  }

  private static StorageMigration began(@Nullable String mode) {
    StorageMigration migration = new StorageMigration();
    migration.setMetadata(
        new ObjectMetaBuilder()
            .withName("notes-2")
            .withNamespace("demo")
            .withUid("00000000-0000-0000-0000-000000000001")
            .withAnnotations(mode == null ? Map.of() : Map.of("wharfinger.dev/ssl-mode", mode))
            .build());
    migration.setSpec(
        new StorageMigrationSpec(
            new LocalRef("notes"),
            Backend.SQLITE,
            Backend.POSTGRESQL,
            false,
            null,
            null,
            null,
            null));
    return migration;
  }

  private static StatefulSet server(ServerTls tls, int replicas) {
    StatefulSet set =
        PostgresqlStatefulSet.desired(MODEL.postgresql(), PostgresqlServer.of(MODEL).with(tls));
    set.getSpec().setReplicas(replicas);
    return set;
  }

  @Test
  void outsideOfAMoveItIsWhatTheSpecSays() {
    assertThat(mode(null, null)).isEqualTo("verify-full");
    assertThat(mode(null, server(ServerTls.OFF, 1))).isEqualTo("verify-full");
  }

  @Test
  void inAMoveItIsWhatTheMoveBeganWith() {
    assertThat(mode(began("disable"), null)).isEqualTo("disable");
    assertThat(mode(began("prefer"), server(ServerTls.OFFERED, 1))).isEqualTo("prefer");
    assertThat(mode(began("verify-ca"), server(ServerTls.DEMANDED, 1))).isEqualTo("verify-ca");
  }

  /** Such as one that an operator of before has begun, or a note that somebody has spoiled. */
  @Test
  void withoutANoteItIsWhatTheServerCanDo() {
    for (StorageMigration move : new StorageMigration[] {began(null), began("' OR 1=1")}) {
      assertThat(mode(move, server(ServerTls.DEMANDED, 1))).isEqualTo("verify-full");
      assertThat(mode(move, server(ServerTls.OFF, 1))).isEqualTo("disable");
      // It gets its certificate when it is started for the move.
      assertThat(mode(move, server(ServerTls.OFF, 0))).isEqualTo("verify-full");
      assertThat(mode(move, null)).isEqualTo("verify-full");
    }
  }

  /** The schema command connects to the server that is there, not to the one that is asked for. */
  @Test
  void theCandidateSaysWhatTheMoveBeganWith() {
    StorageMigration migration = began("disable");
    InstanceModel effective = EffectiveMode.of(MODEL, migration, server(ServerTls.OFF, 1));
    var candidate =
        CandidateBinding.desired(
            new Move(effective, migration, PostgresqlServer.of(effective)), null);

    assertThat(SecretText.of(candidate, "sslmode")).isEqualTo("disable");
    assertThat(candidate.getData()).doesNotContainKeys("ca.crt", "PGSSLROOTCERT");
  }
}
