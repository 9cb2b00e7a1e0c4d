package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What people and time do to a server that speaks TLS. */
final class TlsDeeds {
  /** What an application mounts to verify its server. */
  static final String CERTIFICATES =
      "{name: database-ca, secret: {secretName: app-binding, optional: true, items: [{key: ca.crt, path: ca.crt}]}}";

  private static final String AUTHORITY = "app-postgresql-ca";
  private static final String SERVED = "app-postgresql-tls";

  private TlsDeeds() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("T57_create", lane -> {}, lane -> create(lane, "verify-full")),
        new Scenario("T57_mode", lane -> create(lane, "disable"), TlsDeeds::changeMode),
        new Scenario("T57_renewal", lane -> create(lane, "verify-full"), TlsDeeds::renew),
        new Scenario("T57_authority", lane -> create(lane, "verify-full"), TlsDeeds::takeOver));
  }

  private static void create(Lane lane, String mode) {
    lane.create(Deeds.instance("{backend: PostgreSQL, ssl: {mode: %s}}".formatted(mode)));
    lane.create(Deeds.application(CERTIFICATES));
    Deeds.atWork(lane);
  }

  /** The server is restarted by the operator, the application by somebody else. */
  private static void changeMode(Lane lane) {
    lane.merge(StorageInstance.class, Deeds.APP, "{\"spec\":{\"ssl\":{\"mode\":\"verify-full\"}}}");
    lane.until(
        "the binding says so",
        () -> {
          Map<String, String> binding = data(lane, "app-binding");
          return "verify-full".equals(binding.get("sslmode")) && binding.containsKey("ca.crt");
        });
    lane.until(
        "the instance is Ready",
        () -> Conditions.ready(lane.find(StorageInstance.class, Deeds.APP)));
    lane.merge(
        Deployment.class,
        Deeds.APP,
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"example.com/restarted\":\"1\"}}}}}");
    Deeds.atWork(lane);
  }

  /** Two months pass: the certificate has 29 days left. */
  private static void renew(Lane lane) {
    Map<String, String> served = data(lane, SERVED);
    Map<String, String> old =
        Issuer.certificate(data(lane, AUTHORITY), served, Instant.now().minus(Duration.ofDays(61)));
    replace(lane, SERVED, old);
    lane.until(
        "the certificate is renewed",
        () -> !Objects.equals(old.get("tls.crt"), data(lane, SERVED).get("tls.crt")));
    Deeds.atWork(lane);
  }

  /** Time passes: there is a next authority, and it is to take over. */
  private static void takeOver(Lane lane) {
    Map<String, String> next = Issuer.authority(Instant.now().minus(Duration.ofDays(61)));
    replace(
        lane,
        AUTHORITY,
        Map.of(
            "next.crt", Objects.requireNonNull(next.get("ca.crt")),
            "next.key", Objects.requireNonNull(next.get("ca.key"))));
    lane.until(
        "the application is told of the next authority alone",
        () -> Objects.equals(next.get("ca.crt"), data(lane, "app-binding").get("ca.crt")));
    Deeds.atWork(lane);
  }

  private static void replace(Lane lane, String name, Map<String, String> data) {
    lane.history().happened("time", "passes: another content of Secret " + name);
    lane.patch(
        Secret.class,
        name,
        lane.client().getKubernetesSerialization().asJson(Map.of("stringData", data)));
  }

  private static Map<String, String> data(Lane lane, String secret) {
    Secret found = lane.find(Secret.class, secret);
    return found == null ? Map.of() : References.decoded(found);
  }
}
