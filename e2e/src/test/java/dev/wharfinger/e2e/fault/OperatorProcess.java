package dev.wharfinger.e2e.fault;

import dev.wharfinger.testing.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operator as it is shipped, in a JVM of its own, which can be killed at any moment. */
final class OperatorProcess implements AutoCloseable {
  static final String IMAGE = "registry.example/wharfinger:0.1.0";

  private static final String IMAGES =
      "{\"17\":{\"image\":\"registry.example/postgres:17\",\"uid\":999,\"gid\":999}}";

  private final String namespace;
  private final Path kubeconfig;
  private final Path log;
  private final Map<String, String> more;
  private int port;
  private int starts;
  private @Nullable Process process;

  /**
   * Does not start it yet.
   *
   * @param name distinguishes operators of one namespace
   * @param more environment variables beside those of the chart
   */
  OperatorProcess(String namespace, String name, String kubeconfig, Map<String, String> more) {
    this.namespace = namespace;
    this.more = new HashMap<>(more);
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "operator-stop"));
    Path directory = Floor.directory();
    this.kubeconfig = directory.resolve(name + ".kubeconfig");
    this.log = directory.resolve(name + ".log");
    try {
      Files.writeString(this.kubeconfig, kubeconfig);
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its next start has these environment variables too. */
  synchronized void become(Map<String, String> environment) {
    more.putAll(environment);
  }

  synchronized void start() {
    port = Ports.next();
    starts++;
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(k -> k.startsWith("KUBE") || k.contains("PROXY"));
    environment.putAll(
        Map.of(
            "KUBECONFIG",
            kubeconfig.toAbsolutePath().toString(),
            "POD_NAMESPACE",
            namespace,
            "POD_NAME",
            "wharfinger-0",
            "WHARFINGER_IMAGE",
            IMAGE,
            "WHARFINGER_POSTGRES_IMAGES",
            IMAGES,
            "WHARFINGER_ALLOW_SCHEMA_COMMANDS",
            "true",
            "WHARFINGER_MANAGEMENT_PORT",
            Integer.toString(port)));
    environment.putAll(more);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command() {
    Path target = Repository.root().resolve("operator/target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Starts often and lives for seconds: quick compilation. The heap is that of the chart's limit.
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx230m"));
    command.addAll(AotCache.options());
    command.addAll(
        List.of(
            "-cp",
            target.resolve("wharfinger.jar").toString(),
            "dev.wharfinger.operator.OperatorMain"));
    return command;
  }

  /** Ends it as a crash does, and returns when it is gone. */
  synchronized void kill() {
    if (process != null) {
      process.destroyForcibly();
      await(process);
    }
  }

  /** Asks it to end, and returns when it has. */
  synchronized void stop() {
    if (process != null) {
      process.destroy();
      await(process);
    }
  }

  /** Stops its clock, or lets it go on: SIGSTOP and SIGCONT. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process().pid()))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has it write into its log what each of its threads does. */
  synchronized void tellThreads() {
    if (process != null && process.isAlive()) {
      signal("QUIT");
    }
  }

  private static void await(Process process) {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Process process() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  boolean alive() {
    return process().isAlive();
  }

  synchronized int starts() {
    return starts;
  }

  /** What it wrote to its log, every life of it. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it says about itself. */
  synchronized Management management() {
    return new Management(port);
  }

  boolean ready() {
    return management().ready();
  }

  Map<String, Double> metrics() {
    return management().metrics();
  }

  @Override
  public void close() {
    kill();
  }
}
