package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What people do with the password of a server that is the operator's own. */
final class PasswordDeeds {
  private static final String OTHER = "canary-of-another-password";
  private static final String CREDENTIALS = "app-credentials";
  private static final String ROLE = "app-postgresql-role";

  private PasswordDeeds() {}

  static List<Scenario> scenarios() {
    return List.of(
        new Scenario("T59_password", Deeds::createPostgresql, PasswordDeeds::change),
        new Scenario("T59_passwordTakenBack", Deeds::createPostgresql, PasswordDeeds::takeBack),
        new Scenario("T59_passwordAtOnce", lane -> {}, PasswordDeeds::atOnce));
  }

  private static void change(Lane lane) {
    write(lane, OTHER);
    isAtWorkWith(lane, OTHER);
  }

  /** Before there is a server that could be asked for anything. */
  private static void atOnce(Lane lane) {
    lane.create(Deeds.instance("{backend: PostgreSQL}"));
    lane.until("there is a password", () -> data(lane, CREDENTIALS).containsKey("password"));
    write(lane, OTHER);
    lane.create(Deeds.application(false));
    isAtWorkWith(lane, OTHER);
  }

  /** While the role is given the other one, or a moment after that. */
  private static void takeBack(Lane lane) {
    String before = Objects.requireNonNull(data(lane, CREDENTIALS).get("password"));
    write(lane, OTHER);
    lane.until(
        "the role is to have it",
        () ->
            OTHER.equals(data(lane, ROLE).get("next-password"))
                || OTHER.equals(data(lane, "app-binding").get("password")));
    write(lane, before);
    isAtWorkWith(lane, before);
  }

  private static void isAtWorkWith(Lane lane, String password) {
    lane.until(
        "the role has it, and the application is told",
        () ->
            password.equals(data(lane, "app-binding").get("password"))
                && !data(lane, ROLE).containsKey("next-password"));
    lane.merge(
        Deployment.class,
        Deeds.APP,
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"example.com/restarted\":\"1\"}}}}}");
    lane.until(
        "the instance is Ready",
        () -> Conditions.ready(lane.find(StorageInstance.class, Deeds.APP)));
    Deeds.atWork(lane);
  }

  private static void write(Lane lane, String password) {
    lane.world().wished(password);
    lane.history().happened("person", "writes another password into Secret " + CREDENTIALS);
    lane.patch(
        Secret.class, CREDENTIALS, "{\"stringData\":{\"password\":\"%s\"}}".formatted(password));
  }

  private static Map<String, String> data(Lane lane, String secret) {
    Secret found = lane.find(Secret.class, secret);
    return found == null ? Map.of() : References.decoded(found);
  }
}
