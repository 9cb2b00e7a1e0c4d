package dev.wharfinger.testing;

import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.OperatorConfig.PostgresImage;
import dev.wharfinger.operator.reconcile.InstanceGauges;
import dev.wharfinger.operator.reconcile.StorageBackupReconciler;
import dev.wharfinger.operator.reconcile.StorageInstanceReconciler;
import dev.wharfinger.operator.reconcile.StorageMigrationReconciler;
import dev.wharfinger.operator.reconcile.StorageRestoreReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The real reconciler in this JVM against the API server, for one namespace. */
public final class RunningOperator implements AutoCloseable {
  private final Operator operator;
  private final Writes writes = new Writes();
  private final AtomicLong runs = new AtomicLong();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private RunningOperator(Config user, String namespace, Clock clock) {
    OperatorConfig config = config(namespace);
    var client =
        new KubernetesClientBuilder()
            .withConfig(user)
            .withHttpClientBuilderConsumer(b -> b.addOrReplaceInterceptor("writes", writes))
            .build();
    operator =
        new Operator(o ->
            o.withKubernetesClient(client)
                .withMetrics(counting())
                .withConcurrentReconciliationThreads(2)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(5))
                .withCloseClientOnStop(true));
    operator.register(
        new StorageInstanceReconciler(config, clock, new InstanceGauges(metrics)),
        override -> override.settingNamespaces(config.watchNamespaces()));
    operator.register(
        new StorageMigrationReconciler(config, clock),
        override -> override.settingNamespaces(config.watchNamespaces()));
    operator.register(
        new StorageBackupReconciler(config, clock),
        override -> override.settingNamespaces(config.watchNamespaces()));
    operator.register(
        new StorageRestoreReconciler(config, clock),
        override -> override.settingNamespaces(config.watchNamespaces()));
    operator.start();
  }

  /** Starts it with the rights that the chart gives it, and no others. */
  public static RunningOperator in(String namespace) {
    return in(namespace, Clock.systemUTC());
  }

  /** The same with another clock. */
  public static RunningOperator in(String namespace, Clock clock) {
    return new RunningOperator(Cluster.shared().operatorOf(namespace), namespace, clock);
  }

  /**
   * A configuration with PostgreSQL 15, 17 and 18 in the catalogue, and a Secret to pull them with.
   * Commands of resources are run except in namespaces that are called guarded.
   */
  public static OperatorConfig config(String namespace) {
    return new OperatorConfig(
        Set.of(namespace),
        namespace,
        "wharfinger-0",
        "registry.example/wharfinger:0.1.0",
        List.of(new LocalObjectReference("registry")),
        Map.of(
            "15", new PostgresImage("registry.example/postgres:15", 999, 999),
            "17", new PostgresImage("registry.example/postgres:17", 999, 999),
            "18", new PostgresImage("registry.example/postgres:18", 70, 70)),
        !namespace.startsWith("guarded"),
        Duration.ofMinutes(15),
        false,
        0);
  }

  private Metrics counting() {
    return new Metrics() {
      @Override
      public void cleanupDoneFor(
          io.javaoperatorsdk.operator.processing.event.ResourceID id,
          Map<String, Object> metadata) {
        runs.incrementAndGet();
      }

      @Override
      public void reconciliationExecutionFinished(
          HasMetadata resource, Map<String, Object> metadata) {
        runs.incrementAndGet();
      }
    };
  }

  /** What it wrote. */
  public Writes writes() {
    return writes;
  }

  /** Its metrics as Prometheus reads them. */
  public String metrics() {
    return metrics.scrape();
  }

  /** How many runs have ended. */
  public long runs() {
    return runs.get();
  }

  @Override
  public void close() {
    operator.stop();
  }
}
