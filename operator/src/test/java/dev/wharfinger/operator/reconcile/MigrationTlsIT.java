package dev.wharfinger.operator.reconcile;

import static dev.wharfinger.testing.MoveStage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.testing.MoveStage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Moves to a server that speaks TLS, and what becomes of a mode that changes meanwhile. */
class MigrationTlsIT {

  @Test
  void aMoveToAServerThatIsVerified() {
    try (MoveStage move = new MoveStage()) {
      mode(move, "verify-full");
      move.stage().awaitReady("app");
      // There is no server yet, and nothing of it.
      assertThat(move.stage().find(Secret.class, "app-postgresql-tls")).isNull();
      move.there();

      Map<String, String> binding = binding(move);
      assertThat(binding)
          .containsEntry("PGSSLMODE", "verify-full")
          .containsEntry("PGSSLROOTCERT", "/etc/wharfinger/app/ca.crt")
          .containsEntry(
              "ca.crt",
              CertificateSecrets.data(move.stage().get(Secret.class, "app-postgresql-tls"))
                  .get("ca.crt"));
    }
  }

  /** The server is not restarted, its Jobs go on as they began, and behind the move it gets it. */
  @Test
  void aModeThatChangesInAMoveWaitsForItsEnd() {
    try (MoveStage move = new MoveStage()) {
      move.ask("PostgreSQL");
      assertThat(args(move.job("preflight"))).contains("sslmode=prefer");
      Long generation = generation(move);
      mode(move, "verify-full");
      move.complete("preflight");
      move.gone("app-5d9-1");
      assertThat(args(move.job("transfer"))).contains("sslmode=prefer");
      assertThat(generation(move)).isEqualTo(generation);
      assertThat(rules(move)).contains("\nhost all all all ");
      move.transferRuns();
      move.transferReady();
      eventually(() -> assertThat(move.binding("backend")).isEqualTo("PostgreSQL"));
      // The application comes back now, to a server without a certificate.
      assertThat(binding(move)).containsEntry("sslmode", "disable").doesNotContainKey("ca.crt");
      move.awaitReplicas(2);
      move.transferGone();
      move.awaitPhase(MigrationPhase.DONE);
      eventually(() -> assertThat(generation(move)).isGreaterThan(generation));
      move.stage().awaitReady("app");
      assertThat(rules(move)).contains("\nhostssl all all all ");
      assertThat(binding(move)).containsEntry("sslmode", "verify-full").containsKey("ca.crt");
    }
  }

  /** As in the way there: the application that runs on PostgreSQL is not told another thing. */
  @Test
  void aModeThatChangesInAMoveBackWaitsToo() {
    try (MoveStage move = new MoveStage()) {
      mode(move, "verify-full");
      move.stage().awaitReady("app");
      move.there();
      move.ask("SQLite", "copy");
      move.begins(Backend.SQLITE);
      assertThat(args(move.job("preflight"))).contains("sslmode=verify-full");
      mode(move, "disable");
      move.stage().awaitRest();
      assertThat(binding(move)).containsEntry("sslmode", "verify-full").containsKey("ca.crt");
      assertThat(rules(move)).contains("\nhostssl all all all ");

      move.ask("PostgreSQL");
      move.awaitPhase(MigrationPhase.ROLLED_BACK);
      eventually(() -> assertThat(binding(move)).containsEntry("sslmode", "disable"));
    }
  }

  /** What a move that was taken back left behind gets its certificate before the next begins. */
  @Test
  void aServerThatIsLeftOverSpeaksTlsBeforeItIsMovedTo() {
    try (MoveStage move = new MoveStage()) {
      move.ask("PostgreSQL");
      move.job("preflight");
      move.ask("SQLite");
      move.awaitPhase(MigrationPhase.ROLLED_BACK);
      String first = move.migration().getMetadata().getName();
      mode(move, "verify-full");
      move.stage().awaitReady("app");

      move.ask("PostgreSQL");
      eventually(() -> assertThat(move.migration().getMetadata().getName()).isNotEqualTo(first));
      assertThat(args(move.job("preflight"))).contains("sslmode=verify-full");
      assertThat(rules(move)).contains("\nhostssl all all all ");
    }
  }

  private static void mode(MoveStage move, String mode) {
    move.stage()
        .merge(
            StorageInstance.class, "app", "{\"spec\":{\"ssl\":{\"mode\":\"%s\"}}}".formatted(mode));
  }

  private static String rules(MoveStage move) {
    return move.stage()
        .get(ConfigMap.class, "app-postgresql")
        .getData()
        .getOrDefault("pg_hba.conf", "");
  }

  private static Long generation(MoveStage move) {
    return move.stage().get(StatefulSet.class, "app-postgresql").getMetadata().getGeneration();
  }

  private static Map<String, String> binding(MoveStage move) {
    return CertificateSecrets.data(move.stage().get(Secret.class, "app-binding"));
  }

  private static String args(Job job) {
    return String.join(
        " ", job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs());
  }
}
