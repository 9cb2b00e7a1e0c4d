package dev.wharfinger.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.dependent.CertificateSecrets;
import dev.wharfinger.runner.PasswordPod;
import dev.wharfinger.testing.PostgresServer;
import dev.wharfinger.testing.Probes;
import dev.wharfinger.testing.Stage;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Roles on a real server, made by what the operator wrote for that. */
abstract class RoleScene {
  static final int REFUSED = 2;

  static PostgresServer server;
  static Stage stage;
  static Probes jobs;

  @BeforeAll
  static void open() throws Exception {
    server = PostgresServer.start();
    server.demandPasswords();
    stage = Stage.open("role");
    jobs = new Probes(stage, "password");
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
    server.close();
  }

  /** An instance at rest, with a role on the real server; gives its password. */
  static String begins(String name) throws SQLException {
    stage.create(name, "{backend: PostgreSQL}");
    stage.awaitReady(name);
    made(name);
    String password = Objects.requireNonNull(secret(name + "-binding").get("password"));
    assertThat(opens(name, password)).isTrue();
    return password;
  }

  /** The role gets another password, as somebody wishes; gives the Job that has done it. */
  static Job given(String name, String password) throws Exception {
    edit(name, password);
    Job job = job(name);
    assertThat(run(job)).isZero();
    rests(name, password);
    return job;
  }

  /** What the server's init container does. */
  static void made(String name) throws SQLException {
    String script = Objects.requireNonNull(secret(name + "-credentials").get("bootstrap.sql"));
    for (String statement : script.split(";\n")) {
      server.admin("postgres", statement);
    }
  }

  /** All is at rest, and everybody has this password, which the role takes. */
  static void rests(String name, String password) throws SQLException {
    await(name)
        .until(() ->
            stage.find(Secret.class, name + "-binding") != null
                && password.equals(secret(name + "-binding").get("password")));
    stage.awaitReady(name);
    assertThat(opens(name, password)).isTrue();
    assertThat(secret(name + "-postgresql-role"))
        .containsEntry("password", password)
        .doesNotContainKey("next-password");
    assertThat(secret(name + "-credentials")).containsEntry("password", password);
  }

  static boolean opens(String role, String password) throws SQLException {
    try {
      DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), role), role, password)
          .close();
      return true;
    } catch (SQLException e) {
      if ("28P01".equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** The Job's pod runs, and the Job ends as that does. */
  static int run(Job job) throws Exception {
    var container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      String value = variable.getValue();
      if (variable.getValueFrom() != null) {
        var ref = variable.getValueFrom().getSecretKeyRef();
        value = Objects.requireNonNull(secret(ref.getName()).get(ref.getKey()));
      }
      environment.put(variable.getName(), value);
    }
    String url = container.getArgs().get(container.getArgs().indexOf("--to") + 1);
    int exit =
        PasswordPod.run(
            url.replaceFirst("//[^/]*/", "//127.0.0.1:" + server.port() + "/"), environment);
    if (exit == 0) {
      jobs.complete(job);
    } else {
      jobs.says(job, exit, "change-password: refused");
      jobs.fail(job, "PodFailurePolicy");
    }
    return exit;
  }

  static Job job(String name) {
    await().until(() -> jobs.of(name).size() == 1);
    return jobs.of(name).getFirst();
  }

  static Job next(String name, Job before) {
    String uid = before.getMetadata().getUid();
    await()
        .until(() -> jobs.of(name).stream().noneMatch(j -> uid.equals(j.getMetadata().getUid())));
    return job(name);
  }

  static void edit(String name, String password) {
    stage.merge(
        Secret.class,
        name + "-credentials",
        "{\"stringData\":{\"password\":\"%s\"}}".formatted(password));
  }

  static void delete(String secret) {
    stage.client().resource(stage.get(Secret.class, secret)).delete();
  }

  /** As a backup tool does it. */
  static void restore(String secret, Map<String, String> data) {
    Secret older =
        stage.get(Secret.class, secret).edit().withData(Map.of()).withStringData(data).build();
    stage.client().resource(older).update();
  }

  static String version(String secret) {
    return stage.get(Secret.class, secret).getMetadata().getResourceVersion();
  }

  static String retain(String name) {
    StorageInstance instance = stage.instance(name);
    stage.client().resource(instance).delete();
    await().until(() -> stage.find(StorageInstance.class, name) == null);
    await().until(() -> stage.find(Secret.class, name + "-binding") == null);
    return instance.getMetadata().getUid();
  }

  static void adopt(String name, String former) {
    stage.create(name, "{backend: PostgreSQL}");
    stage.awaitStalled(name, "AdoptionRequired");
    stage.merge(
        StorageInstance.class,
        name,
        "{\"metadata\":{\"annotations\":{\"wharfinger.dev/adopt\":\"%s\"}}}".formatted(former));
  }

  static Map<String, String> secret(String name) {
    return new HashMap<>(CertificateSecrets.data(stage.get(Secret.class, name)));
  }
}
