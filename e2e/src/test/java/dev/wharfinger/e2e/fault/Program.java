package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What runs in a pod. The kubelet asks it again and again how it does. */
interface Program {
  /** How a container does; {@code exit} is its code once it has ended. */
  record Status(boolean ready, @Nullable Integer exit) {
    static final Status STARTING = new Status(false, null);
    static final Status READY = new Status(true, null);

    static Status ended(int code) {
      return new Status(false, code);
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
   */
  record Start(
      Pod pod, World world, Map<String, Map<String, String>> secrets, List<String> claims) {
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
      return after(backward() ? "--from" : "--to").replaceAll(".*@", "").replaceAll("[.:/].*", "");
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
