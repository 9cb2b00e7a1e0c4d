package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;

/** What people do with an instance whose server somebody else runs. */
final class ExternalDeeds {
  /** The first label of its host. */
  static final String SERVER = "db";

  private static final String LOGIN = "login-of-app";
  private static final String FIRST = "canary-of-the-first-password";
  private static final String WRONG = "canary-of-a-wrong-password";
  private static final String SECOND = "canary-of-the-second-password";

  private ExternalDeeds() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("T58_create", ExternalDeeds::serve, ExternalDeeds::create),
        new Scenario("T58_rotation", ExternalDeeds::served, ExternalDeeds::rotate));
  }

  private static void serve(Lane lane) {
    lane.world().start(SERVER, SERVER, FIRST);
  }

  private static void create(Lane lane) {
    lane.create(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {username: app, password: %s}
        """
            .formatted(LOGIN, FIRST));
    lane.create(
        Deeds.instance(
            "{backend: PostgreSQL, postgresql: {external: {host: %s.example.com, database: app, credentialsSecretRef: {name: %s}}}}"
                .formatted(SERVER, LOGIN)));
    lane.create(Deeds.application(false));
    Deeds.atWork(lane);
  }

  private static void served(Lane lane) {
    serve(lane);
    create(lane);
  }

  /** First the Secret alone, which helps nobody; then the server and the Secret. */
  private static void rotate(Lane lane) {
    password(lane, WRONG);
    lane.until(
        "the wrong password is said",
        () ->
            Conditions.reason(lane.find(StorageInstance.class, Deeds.APP), "AuthenticationFailed"));
    int rows = lane.world().acknowledged();
    lane.until("rows are stored all the same", () -> lane.world().acknowledged() > rows);
    lane.world().alter(SERVER, SECOND);
    password(lane, SECOND);
    lane.until(
        "the binding follows",
        () -> {
          Secret binding = lane.find(Secret.class, "app-binding");
          return binding != null && SECOND.equals(References.decoded(binding).get("password"));
        });
    lane.merge(
        Deployment.class,
        Deeds.APP,
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"example.com/restarted\":\"1\"}}}}}");
    Deeds.atWork(lane);
  }

  /** Somebody who does not want to wait half a minute has the operator look at once. */
  private static void password(Lane lane, String password) {
    lane.history().happened("person", "writes another password into Secret " + LOGIN);
    lane.patch(Secret.class, LOGIN, "{\"stringData\":{\"password\":\"%s\"}}".formatted(password));
    lane.patch(
        StorageInstance.class,
        Deeds.APP,
        "{\"metadata\":{\"annotations\":{\"example.com/look\":\"%s\"}}}"
            .formatted(Integer.toHexString(password.hashCode())));
  }
}
