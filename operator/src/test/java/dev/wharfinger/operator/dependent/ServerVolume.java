package dev.wharfinger.operator.dependent;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.BindingValues;
import dev.wharfinger.operator.model.Endpoint;
import dev.wharfinger.operator.model.ExternalServer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.testing.RunningOperator;
import dev.wharfinger.testing.Yaml;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The server's pod without a kubelet: its volumes as folders, its containers as processes of a user
 * who is not root, with the very scripts, commands and arguments that the operator gives them.
 */
final class ServerVolume {
  /** What an init container said. */
  record Exit(int code, String output) {}

  final int port = freePort();
  private final Path root;
  private final StatefulSet set;
  private final Map<String, String> credentials;
  private final InstanceModel model;

  ServerVolume(Path root, String major) {
    this(root, major, "disable");
  }

  ServerVolume(Path root, String major, String sslMode) {
    this.root = root;
    model =
        InstanceModel.of(
            Yaml.read(
                StorageInstance.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageInstance
                metadata: {name: shop, namespace: test, uid: u}
                spec:
                  backend: PostgreSQL
                  ssl: {mode: %s}
                  postgresql: {version: "%s", parameters: {max_connections: "20"}}
                """
                    .formatted(sslMode, major)),
            RunningOperator.config("test"));
    PostgresqlServer server = PostgresqlServer.of(model);
    Secret secret = CredentialsSecret.desired(model.postgresql(), server);
    credentials = new TreeMap<>();
    secret
        .getData()
        .forEach((k, v) ->
            credentials.put(k, new String(Base64.getDecoder().decode(v), StandardCharsets.UTF_8)));
    set = PostgresqlStatefulSet.desired(model.postgresql(), server);
    write("credentials", credentials);
    write("config", PostgresqlConfigMap.desired(model.postgresql(), server, "").getData());
    for (String folder : new String[] {"volume", "run", "bin"}) {
      directory(root.resolve(folder));
    }
    own(root);
  }

  String password() {
    return Objects.requireNonNull(credentials.get("password"));
  }

  Path volume() {
    return root.resolve("volume");
  }

  /** Sets a key of the ConfigMap ({@code config}) or the Secret ({@code credentials}). */
  void set(String folder, String key, String value) {
    write(folder, Map.of(key, value));
    own(root.resolve(folder));
  }

  /** Every name of the server. */
  List<String> hosts() {
    return PostgresqlServer.of(model).hosts();
  }

  /** Gives the server a certificate: {@code tls.crt} and {@code tls.key}. */
  void certificate(Map<String, String> data) {
    for (String name : new String[] {"tls.crt", "tls.key"}) {
      set("tls", name, Objects.requireNonNull(data.get(name)));
      try {
        Files.setPosixFilePermissions(
            root.resolve("tls").resolve(name), PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * What the application is told, with the paths and the port of here.
   *
   * @param ca what it finds where it mounts the binding's {@code ca.crt}
   */
  Map<String, String> binding(String ca) {
    return binding(ca, model.trusting(ca));
  }

  /** The same where the server is, for the operator, one that somebody else runs. */
  Map<String, String> externalBinding(String ca) {
    Endpoint at = model.endpoint();
    InstanceModel external =
        InstanceModel.of(
            Yaml.read(
                StorageInstance.class,
                """
                apiVersion: wharfinger.dev/v1alpha1
                kind: StorageInstance
                metadata: {name: shop, namespace: test, uid: u}
                spec:
                  backend: PostgreSQL
                  ssl: {mode: %s, caSecretRef: {name: theirs}}
                  postgresql: {external: {host: %s, database: %s, credentialsSecretRef: {name: theirs}}}
                """
                    .formatted(model.sslMode(), at.host(), at.database())),
            RunningOperator.config("test"));
    Secret theirs =
        new SecretBuilder()
            .withNewMetadata()
            .withName("theirs")
            .withUid("t")
            .withResourceVersion("1")
            .endMetadata()
            .addToData("username", SecretText.encode(at.username()))
            .addToData("password", SecretText.encode(password()))
            .addToData("ca.crt", SecretText.encode(ca))
            .build();
    return binding(ca, external.at(ExternalServer.of(external, name -> theirs)));
  }

  private Map<String, String> binding(String ca, InstanceModel told) {
    set("shop", "ca.crt", ca);
    Map<String, String> binding = BindingValues.of(told, Backend.POSTGRESQL, password());
    binding.replaceAll((key, value) -> here(value).replace(":5432/", ":" + port + "/"));
    binding.put("PGPORT", Integer.toString(port));
    return binding;
  }

  /** Puts a program before all others on the PATH; an empty text takes it away. */
  void program(String name, String script) throws IOException {
    Path file = root.resolve("bin").resolve(name);
    Files.deleteIfExists(file);
    if (!script.isEmpty()) {
      Files.writeString(file, script);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** Runs the init container. */
  Exit init() throws IOException, InterruptedException {
    Container init = set.getSpec().getTemplate().getSpec().getInitContainers().getFirst();
    Process process = start(init, init.getCommand());
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Exit(process.waitFor(), output);
  }

  /** Runs the readiness probe once, as the kubelet does. */
  Exit ready() throws IOException, InterruptedException {
    Container server = set.getSpec().getTemplate().getSpec().getContainers().getFirst();
    Process process = start(server, server.getReadinessProbe().getExec().getCommand());
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Exit(process.waitFor(), output);
  }

  /** Starts the server, on loopback and a free port. */
  Process server() throws IOException {
    Container server = set.getSpec().getTemplate().getSpec().getContainers().getFirst();
    List<String> command = new ArrayList<>(server.getCommand());
    command.addAll(server.getArgs());
    return start(server, command);
  }

  /** Runs a program of PostgreSQL as the server's own user and gives what it printed. */
  String run(String... command) throws IOException, InterruptedException {
    Process process =
        start(set.getSpec().getTemplate().getSpec().getContainers().getFirst(), List.of(command));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }

  private Process start(Container container, List<String> command) throws IOException {
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    command.forEach(word -> words.add(here(word)));
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).directory(root.toFile());
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", root.resolve("bin") + ":/usr/lib/postgresql/15/bin:/usr/bin:/bin");
    // In the pod it is the default.
    builder.environment().put("PGPORT", Integer.toString(port));
    builder.environment().put("PGHOST", root.resolve("run").toString());
    for (EnvVar variable : container.getEnv()) {
      builder.environment().put(variable.getName(), here(variable.getValue()));
    }
    return builder.start();
  }

  /** The pod's paths and addresses, as they are here. */
  private String here(String text) {
    return text.replace("/var/lib/wharfinger", volume().toString())
        .replace("/etc/wharfinger", root.toString())
        .replace("/var/run/postgresql", root.resolve("run").toString())
        .replace("listen_addresses=*", "listen_addresses=127.0.0.1")
        .replace("port=5432", "port=" + port);
  }

  private void write(String folder, Map<String, String> files) {
    directory(root.resolve(folder));
    files.forEach((name, text) -> {
      try {
        Files.writeString(root.resolve(folder).resolve(name), here(text));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static void directory(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void own(Path folder) {
    if (!isRoot()) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      var postgres =
          root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.setOwner(path, postgres);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
