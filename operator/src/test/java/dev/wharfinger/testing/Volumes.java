package dev.wharfinger.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.CommandLine;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Claims of a stage as folders, and a kubelet that really runs a Job's command on them. */
public final class Volumes {
  private final Stage stage;
  private final Path root;
  private final Map<String, String> elsewhere = new ConcurrentHashMap<>();

  /** Folders below {@code root}. */
  public Volumes(Stage stage, Path root) {
    this.stage = stage;
    this.root = root;
  }

  /** Has an argument of commands lead somewhere else. */
  public void lead(String argument, String to) {
    elsewhere.put(argument, to);
  }

  /** The folder of a claim; made where it is not there. */
  public Path of(String claim) {
    try {
      return Files.createDirectories(root.resolve(claim));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a claim of somebody's own. */
  public void claim(String name) {
    stage
        .client()
        .resource(
            Yaml.read(
                PersistentVolumeClaim.class,
                """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: %s, namespace: %s}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """
                    .formatted(name, stage.namespace())))
        .create();
  }

  /** Runs the command of a Job in this process and gives its exit code. */
  public int run(Job job) {
    return CommandLine.run(arguments(job));
  }

  /** Runs it as a process that dies at a failpoint. */
  public void killed(Job job, String failpoint) throws Exception {
    assertThat(CommandLine.process(of("said"), failpoint, arguments(job)))
        .as(Files.readString(of("said").resolve("out")))
        .isEqualTo(137);
  }

  /** What the container has left as its last words. */
  public String words() {
    try {
      return Files.readString(wordsFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path wordsFile() {
    return of("said").resolve("words");
  }

  private List<String> arguments(Job job) {
    Container container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    return container.getArgs().stream()
        .skip(1)
        .map(argument -> mounted(job, container, argument))
        .map(a -> a.equals("/dev/termination-log") ? wordsFile().toString() : a)
        .map(a -> elsewhere.getOrDefault(a, a))
        .toList();
  }

  /** The same path in the folder that stands for the volume. */
  private String mounted(Job job, Container container, String argument) {
    for (VolumeMount mount : container.getVolumeMounts()) {
      String claim =
          job.getSpec().getTemplate().getSpec().getVolumes().stream()
              .filter(v -> v.getName().equals(mount.getName()))
              .filter(v -> v.getPersistentVolumeClaim() != null)
              .map(v -> v.getPersistentVolumeClaim().getClaimName())
              .findFirst()
              .orElse(null);
      if (claim != null) {
        if (argument.equals(mount.getMountPath())) {
          return of(claim).toString();
        }
        if (argument.equals("file://" + mount.getMountPath())) {
          return "file://" + of(claim);
        }
      }
    }
    return argument;
  }
}
