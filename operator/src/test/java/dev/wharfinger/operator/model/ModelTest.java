package dev.wharfinger.operator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {

  /**
   * Binding, its epoch, epoch of the data claim, epoch of the server's claim, asked for → where,
   * epoch.
   */
  @ParameterizedTest
  @CsvSource({
    // Nothing there: the spec decides.
    "-, -, -, -, SQLite, SQLite, 1",
    "-, -, -, -, PostgreSQL, PostgreSQL, 1",
    // The binding says it, whatever claims and spec say.
    "SQLite, 1, 1, 2, PostgreSQL, SQLite, 1",
    "PostgreSQL, 2, 1, -, SQLite, PostgreSQL, 2",
    "PostgreSQL, 2, 3, 1, SQLite, PostgreSQL, 2",
    "SQLite, -, -, -, PostgreSQL, SQLite, 1",
    "PostgreSQL, x, -, -, SQLite, PostgreSQL, 1",
    // No binding: the claim with the highest epoch.
    "-, -, 1, -, PostgreSQL, SQLite, 1",
    "-, -, 1, 2, SQLite, PostgreSQL, 2",
    "-, -, 3, 2, PostgreSQL, SQLite, 3",
    "-, -, -, 4, SQLite, PostgreSQL, 4",
    // A server's claim that never held data has no epoch.
    "-, -, 1, 0, PostgreSQL, SQLite, 1",
    "-, -, 0, 0, PostgreSQL, SQLite, 1",
    "-, -, -, 0, SQLite, PostgreSQL, 1",
    // A word of a newer version counts as none.
    "MariaDB, 7, 2, -, PostgreSQL, SQLite, 2",
  })
  void activeBackendIsReadFromTheWorld(
      String bound,
      String epoch,
      String data,
      String server,
      String asked,
      String expected,
      int expectedEpoch) {
    Secret binding =
        bound.equals("-")
            ? null
            : new SecretBuilder()
                .withNewMetadata()
                .addToAnnotations(Annotations.BACKEND, bound)
                .addToAnnotations(Annotations.EPOCH, epoch)
                .endMetadata()
                .build();
    assertThat(ActiveBackend.of(binding, claim(data), claim(server), backend(asked)))
        .isEqualTo(new ActiveBackend(backend(expected), expectedEpoch));
  }

  @ParameterizedTest
  @CsvSource({
    // The server's claim lost its epoch, or itself.
    "1, 2, 0, PostgreSQL, 2",
    "0, 2, 2, PostgreSQL, 2",
    "1, 2, -, PostgreSQL, 2",
    // Marked, and the server's claim had its epoch first.
    "1, 2, 2, PostgreSQL, 2",
    // Moved there and back again.
    "3, 2, 2, SQLite, 3",
  })
  void aClaimThatSaysItIsOldNeverHoldsTheData(
      String data, String superseded, String server, String expected, int epoch) {
    PersistentVolumeClaim old =
        new PersistentVolumeClaimBuilder(Objects.requireNonNull(claim(data)))
            .editMetadata()
            .addToAnnotations(Annotations.SUPERSEDED, superseded)
            .endMetadata()
            .build();
    assertThat(ActiveBackend.of(null, old, claim(server), Backend.SQLITE))
        .isEqualTo(new ActiveBackend(backend(expected), epoch));
  }

  private static Backend backend(String word) {
    return Objects.requireNonNull(Backend.of(word));
  }

  private static @Nullable PersistentVolumeClaim claim(String epoch) {
    if (epoch.equals("-")) {
      return null;
    }
    PersistentVolumeClaimBuilder builder =
        new PersistentVolumeClaimBuilder().withNewMetadata().endMetadata();
    return epoch.equals("0")
        ? builder.build()
        : builder.editMetadata().addToAnnotations(Annotations.EPOCH, epoch).endMetadata().build();
  }

  @Test
  void theLongestNameFitsEverywhere() {
    Names names = new Names("x".repeat(40));
    // Services are DNS labels; so is a pod's name where it becomes a host name.
    assertThat(
            List.of(
                names.postgresql(),
                names.postgresqlHeadless(),
                names.postgresql() + "-0",
                names.dataClaim(),
                names.postgresqlClaim(),
                names.credentials(),
                names.binding(),
                // A Job's pods add a dash and five characters.
                names.initJob("content") + "-abcde",
                // A StatefulSet's revision is a label value: its name, a dash, ten digits.
                names.postgresql() + "-0123456789"))
        .allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(63))
        .doesNotHaveDuplicates();
  }

  @Test
  void initJobsAreNamedAfterWhatTheyMake() {
    Names names = new Names("a");
    assertThat(names.initJob("x")).isEqualTo(names.initJob("x")).isNotEqualTo(names.initJob("y"));
    assertThat(names.initJob("x")).matches("a-init-[0-9a-f]{8}");
  }

  /** A resource can be older than the CRD's rule, and Helm never upgrades a CRD. */
  @ParameterizedTest
  @CsvSource({
    "fsync, committed data can be lost",
    "full_page_writes, committed data can be lost",
    "synchronous_commit, committed data can be lost",
    "ignore_system_indexes, committed data can be lost",
    "data_directory, belongs to the operator",
    "ssl_key_file, belongs to the operator",
    "archive_mode, belongs to the operator",
    "restore_command, belongs to the operator",
    "session_preload_libraries, belongs to the operator",
  })
  void parametersThatEndangerTheDataAreRefused(String name, String why) {
    assertThatThrownBy(() -> parameters(name))
        .isInstanceOfSatisfying(
            StalledException.class, e -> assertThat(e.reason()).isEqualTo("ParameterRefused"))
        .hasMessageContainingAll("postgresql.parameters." + name, why, "remove it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_connections", "fsyncs", "max_wal_size", "auto_explain.log_format"})
  void otherParametersReachTheServer(String name) {
    assertThat(parameters(name)).containsExactly(Map.entry(name, "1"));
  }

  private static Map<String, String> parameters(String name) {
    StorageInstance instance =
        Yaml.read(
            StorageInstance.class,
            """
            metadata: {name: shop, namespace: test, uid: u}
            spec: {backend: PostgreSQL, postgresql: {parameters: {%s: "1"}}}
            """
                .formatted(name));
    return InstanceModel.of(instance, RunningOperator.config("test")).postgresql().parameters();
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "5s, 5000", "1m, 60000", "0s, 0", "999999m, 59999940000"})
  void durations(String text, long millis) {
    assertThat(Durations.millis(text)).isEqualTo(millis);
  }
}
