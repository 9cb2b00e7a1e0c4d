package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.dependent.BindingSecret;
import dev.wharfinger.operator.dependent.RoleSecret;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Makes the target the backend that holds the data. */
record MigrationFlip(KubernetesClient client, Clock clock, MigrationView view) {

  /** Says on the claims where the data is: the Secret may be lost one day. */
  void markClaims() {
    if ((move().backward() ? view.dataClaim() : view.serverClaim()) == null) {
      throw new StalledException(
          "DataMissing", "the claim of the " + target() + " volume that holds the data is gone");
    }
    new ClaimMarks(client, move().model().instance(), active())
        .write(view.dataClaim(), view.serverClaim());
  }

  /** Replaces the Secret against the version that was read. */
  void flipBinding() {
    Secret role = view.credentials();
    if (!move().backward() && (role == null || !RoleSecret.knows(role))) {
      throw new StalledException(
          "CredentialsMissing",
          "Secret "
              + move().server().role()
              + " is not there, or has no password; it is made anew from the one with the credentials, and the data is"
              + " committed");
    }
    if (!move().backward() && move().model().lacksCertificates()) {
      throw new StalledException(
          "CertificateMissing",
          "Secret "
              + move().server().certificate()
              + " is gone, by which the application is to verify the server; it is made anew by itself");
    }
    Secret desired =
        BindingSecret.desired(move().model(), active(), evidence(), view.credentials());
    Secret seen = view.binding();
    if (seen == null) {
      client.resource(desired).create();
      return;
    }
    desired.getMetadata().setUid(seen.getMetadata().getUid());
    desired.getMetadata().setResourceVersion(seen.getMetadata().getResourceVersion());
    client.resource(desired).update();
  }

  /** What is made true; it is already where the Secret was lost after the claims were marked. */
  private ActiveBackend active() {
    ActiveBackend now = view.active();
    return now.backend() == target() ? now : new ActiveBackend(target(), now.epoch() + 1);
  }

  private Backend target() {
    return view.migration().getSpec().to();
  }

  private Map<String, String> evidence() {
    Map<String, String> evidence = new TreeMap<>();
    evidence.put(Annotations.OPERATION, view.migration().getMetadata().getUid());
    evidence.put(Annotations.SWITCHED_AT, clock.instant().toString());
    if (view.report().revision() != null) {
      evidence.put(Annotations.SCHEMA_REVISION, view.report().revision());
    }
    return evidence;
  }

  private Move move() {
    return Objects.requireNonNull(view.move(), "decided only while the instance exists");
  }
}
