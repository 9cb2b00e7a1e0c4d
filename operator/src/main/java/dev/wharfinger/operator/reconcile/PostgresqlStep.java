package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.CredentialsSecret;
import dev.wharfinger.operator.dependent.PostgresqlConfigMap;
import dev.wharfinger.operator.dependent.PostgresqlService;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.migration.EffectiveMode;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL server, where it holds the data or is the target of a move. */
final class PostgresqlStep implements Step {
  private final ExternalStep external = new ExternalStep();
  private final CertificateStep certificates;
  private final RestoreStep restore;

  PostgresqlStep(Clock clock) {
    this.certificates = new CertificateStep(clock);
    this.restore = new RestoreStep(clock);
  }

  @Override
  public StepResult run(Run run) {
    if (run.external() != null) {
      return external.run(run);
    }
    String elsewhere = Annotations.get(run.observed().binding(), Annotations.EXTERNAL);
    if (elsewhere != null) {
      // As after CRDs of an older version, which drop what they do not know.
      return StepResult.stop(
          "ExternalMoved",
          "the data is in "
              + elsewhere
              + ", and postgresql.external is gone from the resource: put it back, with CRDs that know it; no server is"
              + " made meanwhile, and the binding stays as it was");
    }
    if (run.active().backend() == Backend.POSTGRESQL) {
      return Suspension.asked(run) ? Suspension.stopServer(run) : filled(run);
    }
    if (run.model().requested() == Backend.SQLITE && !run.moving()) {
      rest(run);
    }
    return StepResult.DONE;
  }

  private StepResult filled(Run run) {
    StepResult provisioned = provision(run);
    return provisioned.done() ? restore.server(run) : provisioned;
  }

  /** A server whose data went to SQLite: who still has its address must not write to old data. */
  private static void rest(Run run) {
    StatefulSet server = run.observed().server();
    PersistentVolumeClaim claim = run.observed().serverClaim();
    if (server != null && Annotations.superseded(claim) > 0) {
      run.writer().apply(DesiredServer.of(run, 0), server);
    }
  }

  /**
   * Before a move to the server begins: one that was left running by a move before gets the
   * certificate that is asked of it, for which it is restarted, and in a move none is.
   */
  StepResult prepare(Run run) {
    StatefulSet left = run.observed().server();
    return run.model().requested() == Backend.POSTGRESQL
            && run.external() == null
            && ServerTls.of(run.model().sslMode()) == ServerTls.DEMANDED
            && left != null
            && !Objects.equals(left.getSpec().getReplicas(), 0)
            && (EffectiveMode.mute(left) || !ready(left))
        ? provision(run)
        : StepResult.DONE;
  }

  /** Makes the server and waits for it. */
  StepResult provision(Run run) {
    PostgresqlServer server = PostgresqlServer.of(run.model()).with(DesiredServer.tls(run));
    StepResult credentials = credentials(run, server);
    if (!credentials.done()) {
      return credentials;
    }
    if (run.observed().server() == null) {
      requireOwnClaim(run);
    }
    StepResult certified = certificates.run(run, server);
    if (!certified.done()) {
      return certified;
    }
    boolean ready = ready(run.observed().server());
    run.writer()
        .apply(
            PostgresqlConfigMap.desired(
                run.model().postgresql(),
                server.with(TlsRollout.configured(run, server.tls())),
                initialized(run, ready)),
            run.observed().serverConfig());
    run.writer().apply(PostgresqlService.client(server), run.observed().serverService());
    run.writer().apply(PostgresqlService.headless(server), run.observed().headlessService());
    StatefulSet desired = DesiredServer.of(run, 1);
    boolean dumped = ready && dumped(run, desired);
    if (!(ready && run.moving()) && !dumped) {
      // A server that is moved to or from is not restarted in between, whatever is new.
      run.writer().apply(desired, run.observed().server());
    }
    PersistentVolumeClaim claim = run.observed().serverClaim();
    if (claim != null && claim.getMetadata().getDeletionTimestamp() != null) {
      return StepResult.stop(
          "ClaimTerminating",
          "claim "
              + claim.getMetadata().getName()
              + " was deleted and goes with its last pod; take a dump before that pod ends");
    }
    if (!ready || !dumped && TlsRollout.begins(run, server.tls())) {
      return starting(run);
    }
    if (claim == null) {
      requireOwnClaim(run);
      return StepResult.waiting("ServerStarting", "the server's claim is not seen yet");
    }
    return StepResult.DONE;
  }

  /** The role's password is noted before anything is made with it; each Secret tells the other. */
  private static StepResult credentials(Run run, PostgresqlServer server) {
    Secret credentials = run.observed().credentials();
    Secret role = run.observed().role();
    if (credentials != null || role != null) {
      requireSameDatabase(run, credentials == null ? Objects.requireNonNull(role) : credentials);
    }
    if (credentials != null) {
      return StepResult.DONE;
    }
    if (run.writer().exists(Secret.class, server.credentials(), server.labels())
        || role == null && run.writer().exists(Secret.class, server.role(), server.labels())) {
      return StepResult.waiting("ServerStarting", "the credentials are not seen yet");
    }
    if (role != null && RoleSecret.knows(role)) {
      run.writer().create(CredentialsSecret.again(role, server));
      return StepResult.DONE;
    }
    if (run.observed().serverClaim() != null) {
      return StepResult.stop(
          "CredentialsMissing",
          "Secret "
              + server.credentials()
              + " is gone, and so is "
              + (role == null ? "" : "the password in ")
              + server.role()
              + ", while the data is there: a new password would not open it; restore one of the two");
    }
    run.writer().create(RoleSecret.fresh(run.model().postgresql(), server));
    return StepResult.waiting("ServerStarting", "the credentials are being made");
  }

  /** Whether what is new has to wait, because a backup would lose its connection by it. */
  private static boolean dumped(Run run, StatefulSet desired) {
    if (run.writer().differs(desired, run.observed().server())
        && BackupsAtWork.of(run.writer().client(), run.instance()) != null) {
      run.writer().postpone();
      return true;
    }
    return false;
  }

  private static StepResult starting(Run run) {
    StepResult starting = StepResult.waiting("ServerStarting", "the PostgreSQL server is starting");
    List<Pod> pods = run.observed().pods();
    StatefulSet server = run.observed().server();
    return server == null || PodDiagnosis.any(pods, Labels.COMPONENT, PostgresqlServer.COMPONENT)
        ? PodDiagnosis.of(pods, Labels.COMPONENT, PostgresqlServer.COMPONENT).orElse(starting)
        : run.writer().missingPod(server, starting);
  }

  /** A StatefulSet would mount any claim of the right name, and no cache shows us foreign ones. */
  private static void requireOwnClaim(Run run) {
    run.writer()
        .exists(
            PersistentVolumeClaim.class,
            run.model().names().postgresqlClaim(),
            Labels.of(run.instance(), PostgresqlServer.COMPONENT));
  }

  /** Role and database were made once, when the volume was; the spec could only lie about them. */
  private static void requireSameDatabase(Run run, Secret credentials) {
    String made = CredentialsSecret.username(credentials);
    String asked = run.model().postgresql().username();
    if (made != null && !made.equals(asked)) {
      throw new StalledException(
          "DatabaseRenamed",
          "the data is in database "
              + made
              + ", but postgresql.database now says "
              + asked
              + "; set postgresql.database: "
              + made);
    }
  }

  /**
   * Stays what it was once set; set when the server is Ready for the first time. A binding to the
   * server, or what the claims say, proves that it was, even where this record is lost.
   */
  private static String initialized(Run run, boolean ready) {
    String before = PostgresqlConfigMap.initialized(run.observed().serverConfig());
    PersistentVolumeClaim claim = run.observed().serverClaim();
    if (!before.isEmpty() || !ready && !bound(run)) {
      return before;
    }
    return claim == null ? (bound(run) ? "lost" : "") : claim.getMetadata().getUid();
  }

  private static boolean bound(Run run) {
    return Annotations.epoch(run.observed().serverClaim()) > 0
        || Annotations.superseded(run.observed().dataClaim()) > 0
        || Backend.POSTGRESQL
            .value()
            .equals(Annotations.get(run.observed().binding(), Annotations.BACKEND));
  }

  private static boolean ready(@Nullable StatefulSet server) {
    if (server == null || server.getStatus() == null) {
      return false;
    }
    Integer ready = server.getStatus().getReadyReplicas();
    return ready != null
        && ready >= 1
        && Objects.equals(
            server.getMetadata().getGeneration(), server.getStatus().getObservedGeneration())
        && Objects.equals(
            server.getStatus().getCurrentRevision(), server.getStatus().getUpdateRevision());
  }
}
