package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What restarts a server and what does not. */
class ReloadableSettingsTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // A running server takes them.
        "17, work_mem, 8MB, 16MB",
        "17, work_mem, -, 1.5GB",
        "15, log_min_duration_statement, 250, 1s",
        "15, log_statement, none, DDL",
        "18, autovacuum, on, False",
        "17, random_page_cost, 1.1, 4",
        "17, idle_in_transaction_session_timeout, 5min, 0",
        "17, default_transaction_isolation, -, repeatable read",
        "17, max_wal_size, 2GB, 4GB",
        "17, intervalstyle, -, iso_8601",
      })
  void whatARunningServerTakesRestartsNothing(
      String version, String name, @Nullable String before, String after) {
    assertThat(template(version, name, after)).isEqualTo(template(version, name, before));
    assertThat(file(version, name, after))
        .isNotEqualTo(file(version, name, before))
        .contains(name + " = '" + after + "'\n");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      quoteCharacter = '"',
      value = {
        // Only a start takes them.
        "17, max_connections, 100, 200",
        "17, shared_buffers, 128MB, 256MB",
        // Or refuses them, and says so.
        "17, work_mem, 8MB, 8XB",
        "17, work_mem, 8MB, 8ms",
        "17, work_mem, 8MB, 1kB",
        "17, work_mem, 8MB, 0x400",
        "17, log_statement, none, some",
        "17, autovacuum, on, maybe",
        "17, deadlock_timeout, 1s, -1",
        "17, min_wal_size, 80MB, 2MB",
        "17, random_page_cost, 4, 4kB",
        // Texts that the server judges, settings of extensions, and names that nobody knows.
        "17, timezone, UTC, Europe/Berlin",
        "17, pg_stat_statements.track, top, all",
        "17, wrok_mem, 8MB, 16MB",
        // A setting that came later.
        "15, transaction_timeout, 1s, 2s",
        // Safe in themselves, not under every build.
        "17, wal_compression, off, lz4",
      })
  void everythingElseRestarts(String version, String name, String before, String after) {
    assertThat(template(version, name, after)).isNotEqualTo(template(version, name, before));
    assertThat(file(version, name, after)).doesNotContain(name + " = '" + after + "'");
  }

  @Test
  void ofAVersionWithoutATableNothingIsKnown() {
    assertThat(ReloadableSettings.takes("17", "work_mem", "8MB")).isTrue();
    assertThat(ReloadableSettings.takes("16", "work_mem", "8MB")).isFalse();
    assertThat(ReloadableSettings.takes("../17", "work_mem", "8MB")).isFalse();
  }

  private static PodTemplateSpec template(String version, String name, @Nullable String value) {
    InstanceModel model = model(version, name, value);
    return PostgresqlStatefulSet.desired(model.postgresql(), PostgresqlServer.of(model))
        .getSpec()
        .getTemplate();
  }

  private static String file(String version, String name, @Nullable String value) {
    InstanceModel model = model(version, name, value);
    return Objects.requireNonNull(
        PostgresqlConfigMap.desired(model.postgresql(), PostgresqlServer.of(model), "")
            .getData()
            .get("postgresql.conf"));
  }

  private static InstanceModel model(String version, String name, @Nullable String value) {
    String parameters = value == null ? "{}" : "{%s: \"%s\"}".formatted(name, value);
    return InstanceModel.of(
        Yaml.read(
            StorageInstance.class,
            """
            apiVersion: wharfinger.dev/v1alpha1
            kind: StorageInstance
            metadata: {name: shop, namespace: test, uid: u}
            spec: {backend: PostgreSQL, postgresql: {version: "%s", parameters: %s}}
            """
                .formatted(version, parameters)),
        RunningOperator.config("test"));
  }
}
