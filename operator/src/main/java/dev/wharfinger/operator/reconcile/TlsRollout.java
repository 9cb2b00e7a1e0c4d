package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.dependent.PostgresqlStatefulSet;
import dev.wharfinger.operator.migration.PodsInTheWay;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Map;
import java.util.Objects;

/**
 * The order in which a server learns of TLS. Its settings and rules reach a pod that runs by
 * themselves; a certificate comes with the next pod only. Were the rules there first, a server
 * would demand what it cannot offer and let nobody in, and one whose container died just then could
 * not start again, which would keep the next pod away for good.
 */
final class TlsRollout {
  private TlsRollout() {}

  /**
   * What settings and rules may say now.
   *
   * @param due what the server is to do in the end
   */
  static ServerTls configured(Run run, ServerTls due) {
    return due == ServerTls.OFF || hasCertificate(run) ? due : ServerTls.OFF;
  }

  /** Whether a run has just sent for another pod: nobody is told of TLS before that is there. */
  static boolean begins(Run run, ServerTls due) {
    StatefulSet server = run.observed().server();
    return server != null && PostgresqlStatefulSet.speaksTls(server) == (due == ServerTls.OFF);
  }

  private static boolean hasCertificate(Run run) {
    StatefulSet server = run.observed().server();
    boolean coming =
        server == null
            || Objects.equals(server.getSpec().getReplicas(), 0)
            || PostgresqlStatefulSet.speaksTls(server);
    return coming && run.observed().pods().stream().noneMatch(TlsRollout::servesWithout);
  }

  /** One that is on its way out starts nothing any more. */
  private static boolean servesWithout(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null
        && PostgresqlServer.COMPONENT.equals(labels.get(Labels.COMPONENT))
        && pod.getMetadata().getDeletionTimestamp() == null
        && PodsInTheWay.live(pod)
        && !PostgresqlStatefulSet.speaksTls(pod.getSpec());
  }
}
