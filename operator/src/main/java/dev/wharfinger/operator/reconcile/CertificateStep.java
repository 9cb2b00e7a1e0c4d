package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.ServerTls;
import dev.wharfinger.operator.model.StalledException;
import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Handover;
import dev.wharfinger.operator.tls.Served;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The server's certificate and the authority that signs it. What is due is computed from the dates
 * in them at every run. One write for a run: the certificate is made from the authority that was
 * read back, never from one that may have got lost on its way.
 */
final class CertificateStep {
  private final Clock clock;

  CertificateStep(Clock clock) {
    this.clock = clock;
  }

  /** What clients of an instance's own server verify it by, or null. */
  static @Nullable String trusted(@Nullable Secret certificate, StorageInstance instance) {
    return certificate == null || !Labels.isOurs(certificate, instance)
        ? null
        : CertificateSecrets.data(certificate).get("ca.crt");
  }

  /** Makes and renews both; a server that has a certificate waits for neither. */
  StepResult run(Run run, PostgresqlServer server) {
    if (server.tls() == ServerTls.OFF && ServerTls.of(run.model().sslMode()) == ServerTls.OFF) {
      return StepResult.DONE;
    }
    Secret certificate = run.observed().certificate();
    Given given = run.given();
    if (given != null) {
      return given(run, server, given, certificate);
    }
    Instant now = clock.instant();
    Served served = Served.of(CertificateSecrets.data(certificate));
    Secret authority = run.observed().authority();
    Authorities kept = Authorities.of(CertificateSecrets.data(authority));
    Authorities due = Authorities.due(kept, served, now);
    if (write(
        run,
        CertificateSecrets.authority(run.model().names().authority(), server, due),
        authority)) {
      return pending(certificate);
    }
    Map<String, String> data = served.due(due, server.hosts(), announced(run, due), now);
    write(
        run,
        CertificateSecrets.certificate(server, handedOver(run, certificate, data)),
        certificate);
    return pending(certificate);
  }

  /** One that cannot be used takes nothing away from a server that has another. */
  private StepResult given(
      Run run, PostgresqlServer server, Given given, @Nullable Secret certificate) {
    StalledException problem = given.problem();
    if (problem == null) {
      Map<String, String> data = Objects.requireNonNull(given.data());
      write(
          run,
          CertificateSecrets.certificate(server, handedOver(run, certificate, data)),
          certificate);
      return pending(certificate);
    }
    return certificate == null
        ? StepResult.stop(problem.reason(), problem.explanation())
        : StepResult.DONE;
  }

  /** Nobody needs an overlap who was never told of the server. */
  private Map<String, String> handedOver(
      Run run, @Nullable Secret certificate, Map<String, String> wanted) {
    return run.active().backend() != Backend.POSTGRESQL
        ? wanted
        : Handover.due(
            CertificateSecrets.data(certificate),
            wanted,
            CertificateSecrets.data(run.observed().binding()).getOrDefault("ca.crt", ""),
            clock.instant());
  }

  /** Only the first one is waited for. */
  private static StepResult pending(@Nullable Secret certificate) {
    return certificate == null
        ? StepResult.waiting("ServerStarting", "the server's certificate is being made")
        : StepResult.DONE;
  }

  /** Whether anything was written, or is there already and not seen yet. */
  private static boolean write(Run run, Secret desired, @Nullable Secret observed) {
    if (observed != null) {
      return OwnSecret.replace(run.writer(), desired, observed);
    }
    String name = desired.getMetadata().getName();
    if (!run.writer().exists(Secret.class, name, desired.getMetadata().getLabels())) {
      run.writer().create(desired);
    }
    return true;
  }

  /** Whether the application has been told of every authority; nobody else is to be asked. */
  private static boolean announced(Run run, Authorities authorities) {
    Secret binding = run.observed().binding();
    return binding == null
        || run.active().backend() != Backend.POSTGRESQL
        || authorities.isIn(CertificateSecrets.data(binding).getOrDefault("ca.crt", ""));
  }
}
