package dev.wharfinger.operator.migration;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.dependent.PostgresqlStatefulSet;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.ServerTls;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The TLS mode that counts. While a move is under way it is the one that the move began with,
 * whatever the spec says meanwhile: no move restarts a server, so the server could not follow, and
 * an application that is told more than its server can do is locked out.
 */
public final class EffectiveMode {
  private static final String NONE = "disable";
  private static final Set<String> KNOWN =
      Set.of(NONE, "allow", "prefer", "require", "verify-ca", "verify-full");

  private EffectiveMode() {}

  /**
   * The model with the mode that counts.
   *
   * @param model with the mode that the spec says
   * @param move the move, or the dry run, that has not ended; null where there is none
   * @param server the StatefulSet of its server, or null before there is one
   */
  public static InstanceModel of(
      InstanceModel model, @Nullable StorageMigration move, @Nullable StatefulSet server) {
    if (move == null || model.external() != null) {
      return model;
    }
    String noted = Annotations.get(move, Annotations.SSL_MODE);
    // A move that another version of the operator has begun carries no note.
    String mode = noted != null && KNOWN.contains(noted) ? noted : model.sslMode();
    return model.speaking(ServerTls.of(mode) == ServerTls.DEMANDED && mute(server) ? NONE : mode);
  }

  /** Whether it runs, and without a certificate. */
  public static boolean mute(@Nullable StatefulSet server) {
    return server != null
        && !Objects.equals(server.getSpec().getReplicas(), 0)
        && !PostgresqlStatefulSet.speaksTls(server);
  }
}
