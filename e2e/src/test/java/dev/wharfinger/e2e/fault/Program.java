package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What runs in a pod. The kubelet asks it again and again how it does. */
interface Program {
  /**
   * How a container does; {@code exit} is its code once it has ended, and {@code words} its last
   * words.
   */
  record Status(boolean ready, @Nullable Integer exit, String words) {
    static final Status STARTING = new Status(false, null, "");
    static final Status READY = new Status(true, null, "");

    static Status ended(int code) {
      return ended(code, "");
    }

    static Status ended(int code, String words) {
      return new Status(false, code, words);
    }
  }

  Status tick();

  /** The process is gone, however it went. */
  default void stop() {}

  /** What {@code kubectl logs} would show. */
  default String log() {
    return "";
  }

  /**
   * What the kubelet knows about a pod that it starts.
   *
   * @param secrets by name, those that the pod refers to
   * @param claims by volume, the uids of claims
   * @param mounts what its volumes show while it runs
   */
  record Start(
      Pod pod,
      World world,
      Map<String, Map<String, String>> secrets,
      List<String> claims,
      Mounts mounts) {
    List<String> arguments() {
      return pod.getSpec().getContainers().getFirst().getArgs();
    }

    String after(String option) {
      int at = arguments().indexOf(option);
      return at < 0 ? "" : arguments().get(at + 1);
    }

    String uid() {
      return pod.getMetadata().getUid();
    }

    String claim() {
      return claims.isEmpty() ? "" : claims.getFirst();
    }

    /** Whether the data goes from a server to the file. */
    boolean backward() {
      return after("--to").startsWith("sqlite:");
    }

    /** The server that the arguments name: the first label of its host. */
    String server() {
      return client().host().replaceAll("\\..*", "");
    }

    /** How the pod connects to it. */
    Tls.Client client() {
      String url = after(backward() ? "--from" : "--to");
      String host =
          url.replaceAll("^postgresql://", "").replaceAll(".*@", "").replaceAll("[:/].*", "");
      String mode = url.contains("sslmode=") ? url.replaceAll(".*[?&]sslmode=|&.*", "") : "prefer";
      return new Tls.Client(mode, certificates(), host);
    }

    /** What it has mounted to verify a server by. */
    private String certificates() {
      return pod.getSpec().getVolumes().stream()
          .filter(volume -> volume.getName().equals("ca"))
          .map(volume -> volume.getSecret())
          .map(ca ->
              secrets
                  .getOrDefault(ca.getSecretName(), Map.of())
                  .getOrDefault(ca.getItems().getFirst().getKey(), ""))
          .findFirst()
          .orElse("");
    }

    /** A connection to it, or null where there is none. */
    Store.@Nullable Postgres connect() {
      return world.connect(server(), password(), client());
    }

    /** The variables of its container. */
    Map<String, String> environment() {
      Map<String, String> variables = new HashMap<>();
      for (EnvVar variable : pod.getSpec().getContainers().getFirst().getEnv()) {
        String value = variable.getValue();
        if (variable.getValueFrom() != null) {
          value = from(variable.getValueFrom());
        }
        if (value != null) {
          variables.put(variable.getName(), value);
        }
      }
      return variables;
    }

    private @Nullable String from(EnvVarSource source) {
      if (source.getSecretKeyRef() != null) {
        return secrets
            .getOrDefault(source.getSecretKeyRef().getName(), Map.of())
            .get(source.getSecretKeyRef().getKey());
      }
      String label =
          source.getFieldRef().getFieldPath().replaceAll("^metadata.labels\\['|'\\]$", "");
      return pod.getMetadata().getLabels().get(label);
    }

    /** The password whose verifier the server's role is made with, whatever is wished by then. */
    String bootstrapped() {
      Map<String, String> mounted =
          secrets.values().stream()
              .filter(data -> data.containsKey("bootstrap.sql"))
              .findFirst()
              .orElse(Map.of());
      String wished = mounted.getOrDefault("password", "");
      String script = mounted.getOrDefault("bootstrap.sql", "");
      return Stream.concat(Stream.of(wished), world.noted().stream())
          .filter(password -> Verifier.in(script, password))
          .findFirst()
          .orElse(wished);
    }

    String password() {
      return secrets.values().stream()
          .map(data -> data.get("password"))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse("");
    }
  }

  /** The program that a pod's containers name. */
  static Program of(Start start) {
    List<String> arguments = start.arguments();
    Map<String, String> labels = start.pod().getMetadata().getLabels();
    String component =
        Objects.requireNonNullElse(labels.get("app.kubernetes.io/component"), "application");
    if (component.startsWith("postgresql")) {
      return new Programs.Server(start);
    } else if (component.equals("backup")) {
      return new BackupRun(start);
    } else if (arguments.contains("schema-revision")) {
      return component.equals("schema") ? new CommandRun(start) : new RevisionRun(start);
    } else if (arguments.contains("migrate-schema")) {
      return new FlywayRun(start);
    } else if (arguments.contains("change-password")) {
      return new PasswordRun(start);
    } else if (arguments.contains("probe")) {
      return new ProbeRun(start);
    } else if (arguments.contains("init-sqlite")) {
      return new Programs.InitSqlite(start);
    } else if (arguments.contains("transfer-abort")) {
      return new Programs.Abort(start);
    } else if (arguments.contains("--dry-run")) {
      return new Programs.Preflight(start);
    } else if (arguments.contains("transfer")) {
      return start.backward() ? new BackwardTransfer(start) : new Programs.Transfer(start);
    }
    return new Programs.Application(start);
  }
}
