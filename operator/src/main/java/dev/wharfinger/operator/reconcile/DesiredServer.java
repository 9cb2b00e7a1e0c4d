package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.dependent.PostgresqlStatefulSet;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import dev.wharfinger.operator.model.Volume;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The StatefulSet of an instance's server, with what only the one that is there can tell. */
final class DesiredServer {
  private DesiredServer() {}

  /** It with this many pods: one or none. */
  static StatefulSet of(Run run, int replicas) {
    StatefulSet observed = run.observed().server();
    StatefulSet desired =
        PostgresqlStatefulSet.desired(
            claimed(run.model().postgresql(), observed),
            PostgresqlServer.of(run.model()).with(tls(run)));
    desired.getSpec().setReplicas(replicas);
    String restartAt =
        Objects.requireNonNullElseGet(
            Annotations.get(run.instance(), Annotations.RESTART_AT), () -> restartedAt(observed));
    if (!restartAt.isEmpty()) {
      desired
          .getSpec()
          .getTemplate()
          .setMetadata(
              new ObjectMetaBuilder(desired.getSpec().getTemplate().getMetadata())
                  .addToAnnotations(Annotations.RESTART_AT, restartAt)
                  .build());
    }
    return desired;
  }

  /**
   * What the server shall do about TLS. Getting or losing its certificate restarts it: never in a
   * move, and not for a mode that takes the lack of TLS in good part. Such a server gets it when it
   * starts for another reason, and one of before this operator knew TLS is left in peace.
   */
  static ServerTls tls(Run run) {
    ServerTls wanted = ServerTls.of(run.model().sslMode());
    StatefulSet observed = run.observed().server();
    if (observed == null || Objects.equals(observed.getSpec().getReplicas(), 0)) {
      return wanted;
    }
    String restartAt = Annotations.get(run.instance(), Annotations.RESTART_AT);
    boolean restarts = restartAt != null && !restartAt.equals(restartedAt(observed));
    boolean stays = run.moving() || wanted == ServerTls.OFFERED && !restarts;
    if (!stays) {
      return wanted;
    }
    return !PostgresqlStatefulSet.speaksTls(observed)
        ? ServerTls.OFF
        : wanted == ServerTls.OFF ? ServerTls.OFFERED : wanted;
  }

  /** The claim template can never change: a larger size goes to the claim itself. */
  private static PostgresqlModel claimed(PostgresqlModel model, @Nullable StatefulSet observed) {
    return observed == null || observed.getSpec().getVolumeClaimTemplates().isEmpty()
        ? model
        : model.withSize(Volume.requested(observed.getSpec().getVolumeClaimTemplates().getFirst()));
  }

  /** An annotation that is taken away must not restart the server once more. */
  private static String restartedAt(@Nullable StatefulSet observed) {
    if (observed == null
        || observed.getSpec().getTemplate().getMetadata() == null
        || observed.getSpec().getTemplate().getMetadata().getAnnotations() == null) {
      return "";
    }
    return observed
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .getOrDefault(Annotations.RESTART_AT, "");
  }
}
