package dev.wharfinger.operator;

import dev.wharfinger.operator.reconcile.InstanceGauges;
import dev.wharfinger.operator.reconcile.StorageBackupReconciler;
import dev.wharfinger.operator.reconcile.StorageInstanceReconciler;
import dev.wharfinger.operator.reconcile.StorageMigrationReconciler;
import dev.wharfinger.operator.reconcile.StorageRestoreReconciler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the operator: one client, one lease, one reconciler per kind, and stops it in order. */
public final class OperatorMain {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorMain.class);
  private static final int THREADS = 8;
  private static final Duration NAMESPACES_PAUSE = Duration.ofSeconds(15);

  private OperatorMain() {}

  /** Runs until the process is told to stop. */
  public static void main(String[] args) throws IOException, InterruptedException {
    OperatorConfig config = OperatorConfig.fromEnvironment(System.getenv());
    KubernetesClient client = new KubernetesClientBuilder().build();
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    AtomicBoolean stopping = new AtomicBoolean();
    Operator operator = operator(config, client, metrics, stopping);
    ServedNamespaces namespaces =
        new ServedNamespaces(client, config.watchNamespaces(), NAMESPACES_PAUSE);
    Gauge.builder("wharfinger.namespaces.missing", namespaces, n -> n.missing().size())
        .description("configured namespaces that are not served")
        .register(metrics);

    Health health = new Health(operator, namespaces::waiting, Clock.systemUTC());
    ManagementServer management =
        new ManagementServer(config.managementPort(), health::live, health::ready, metrics::scrape);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  operator.stop();
                  management.close();
                },
                "shutdown"));
    try {
      InstalledCrds.demand(client);
      start(operator, config, namespaces, new InstanceGauges(metrics));
    } catch (RuntimeException e) {
      // The health server's threads would keep a process alive that serves nothing.
      LOG.error("the operator could not start; ending at once", e);
      Runtime.getRuntime().halt(1);
    }
  }

  private static void start(
      Operator operator, OperatorConfig config, ServedNamespaces namespaces, InstanceGauges gauges)
      throws InterruptedException {
    Set<String> first = namespaces.awaitFirst();
    List<RegisteredController<?>> controllers =
        List.of(
            operator.register(
                new StorageInstanceReconciler(config, Clock.systemUTC(), gauges),
                override -> override.settingNamespaces(first)),
            operator.register(
                new StorageMigrationReconciler(config, Clock.systemUTC()),
                override -> override.settingNamespaces(first)),
            operator.register(
                new StorageBackupReconciler(config, Clock.systemUTC()),
                override -> override.settingNamespaces(first)),
            operator.register(
                new StorageRestoreReconciler(config, Clock.systemUTC()),
                override -> override.settingNamespaces(first)));
    operator.start();
    LOG.info("serving {} in namespaces {}", "StorageInstance", String.join(", ", first));
    namespaces.follow(controllers, () -> Runtime.getRuntime().halt(1));
  }

  private static Operator operator(
      OperatorConfig config,
      KubernetesClient client,
      PrometheusMeterRegistry metrics,
      AtomicBoolean stopping) {
    // By resource name the series would grow without bound.
    var micrometer = MicrometerMetrics.withoutPerResourceMetrics(metrics);
    return new Operator(overrider -> {
      overrider
          .withKubernetesClient(client)
          .withMetrics(micrometer)
          .withConcurrentReconciliationThreads(THREADS)
          .withConcurrentWorkflowExecutorThreads(1)
          .withReconciliationTerminationTimeout(Duration.ofSeconds(10))
          .withCloseClientOnStop(true);
      if (config.leaderElection()) {
        overrider.withLeaderElectionConfiguration(lease(config, stopping));
      }
    });
  }

  /** Losing the lease ends the process at once: another leader may write already. */
  private static LeaderElectionConfiguration lease(OperatorConfig config, AtomicBoolean stopping) {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("wharfinger")
        .withLeaseNamespace(config.namespace())
        .withIdentity(config.identity())
        .withExitOnStopLeading(false)
        .withLeaderCallbacks(
            new io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks(
                () -> LOG.info("leading"),
                () -> {
                  if (!stopping.get()) {
                    LOG.error("the lease was lost; ending at once");
                    Runtime.getRuntime().halt(1);
                  }
                },
                leader -> LOG.info("the leader is {}", leader)))
        .build();
  }
}
