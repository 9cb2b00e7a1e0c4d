package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.job.ServerFigures;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The numbers of each instance, as Prometheus reads them. */
class InstanceGaugesTest {
  private static final Instant AT = Instant.parse("2026-11-22T02:00:00Z");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final InstanceGauges gauges = new InstanceGauges(registry);

  @Test
  void CLO_36_aLookIsToldUntilThereIsAnotherOrTheInstanceGoes() {
    gauges.look(instance("a"), figures(100), AT);
    gauges.look(instance("b"), figures(7), AT);
    assertThat(registry.scrape())
        .contains("wharfinger_database_size_bytes{instance=\"a\",namespace=\"shop\"} 100.0")
        .contains("wharfinger_database_size_bytes{instance=\"b\",namespace=\"shop\"} 7.0")
        .contains(
            "wharfinger_role_connections{instance=\"a\",namespace=\"shop\",state=\"idle\"} 2.0")
        .contains("wharfinger_database_connections{instance=\"a\",namespace=\"shop\"} 4.0")
        .contains("wharfinger_server_max_connections{instance=\"a\",namespace=\"shop\"} 50.0")
        .contains("wharfinger_oldest_transaction_seconds{instance=\"a\",namespace=\"shop\"} 6.0")
        .containsPattern("wharfinger_look_timestamp_seconds\\{instance=\"a\",[^}]*} 1\\.[0-9]+E9");

    gauges.look(instance("a"), figures(200), AT.plusSeconds(60));
    assertThat(registry.scrape())
        .contains("wharfinger_database_size_bytes{instance=\"a\",namespace=\"shop\"} 200.0");

    gauges.forget(instance("a"));
    assertThat(registry.scrape()).doesNotContain("instance=\"a\"").contains("instance=\"b\"");
  }

  @Test
  void CLO_36_theNewestGoodBackupIsToldAndSpoiledWordsAreNone() {
    gauges.backup(instance("a"), backup("2026-11-22T02:00:00Z"));
    assertThat(registry.scrape())
        .containsPattern(
            "wharfinger_backup_timestamp_seconds\\{instance=\"a\",[^}]*} 1\\.[0-9]+E9");
    gauges.backup(instance("a"), backup("yesterday"));
    assertThat(registry.scrape()).doesNotContain("instance=\"a\"");
    gauges.backup(instance("a"), null);
    assertThat(registry.scrape()).doesNotContain("instance=\"a\"");
  }

  @Test
  void figuresAreReadFromTheLastWordsOfAPod() {
    assertThat(
            Objects.requireNonNull(
                ServerFigures.parse(
                    "{\"code\":\"reachable\",\"figures\":{\"bytes\":100,\"active\":1,\"idle\":2,"
                        + "\"idleInTransaction\":3,\"connections\":4,\"maxConnections\":50,"
                        + "\"oldestTransactionSeconds\":6}}")))
        .isEqualTo(figures(100));
    assertThat(ServerFigures.parse("{\"code\":\"reachable\"}")).isNull();
    assertThat(ServerFigures.parse("{\"figures\":{\"bytes\":\"many\"}}")).isNull();
    assertThat(ServerFigures.parse("Killed")).isNull();
    assertThat(ServerFigures.parse(null)).isNull();
  }

  private static ServerFigures figures(long bytes) {
    return new ServerFigures(bytes, 1, 2, 3, 4, 50, 6);
  }

  private static BackupOverview backup(String at) {
    return Serialization.unmarshal(
        "{\"lastSuccessful\":{\"name\":\"a-1\",\"consistentAt\":\"" + at + "\"}}",
        BackupOverview.class);
  }

  private static StorageInstance instance(String name) {
    StorageInstance instance = new StorageInstance();
    instance.setMetadata(new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
    return instance;
  }
}
