package dev.wharfinger.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.runner.CommandLine;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    Map<String, Path> places = places(pod);
    return pod.getContainers().getFirst().getArgs().stream()
        .skip(1)
        .map(argument -> mounted(places, argument))
        .map(a -> a.equals("/dev/termination-log") ? wordsFile().toString() : a)
        .map(a -> elsewhere.getOrDefault(a, a))
        .toList();
  }

  /** The same path in the folder that stands for the volume. */
  private static String mounted(Map<String, Path> places, String argument) {
    String scheme = argument.startsWith("file://") ? "file://" : "";
    String path = argument.substring(scheme.length());
    for (Map.Entry<String, Path> place : places.entrySet()) {
      if (path.equals(place.getKey()) || path.startsWith(place.getKey() + "/")) {
        return scheme + place.getValue() + path.substring(place.getKey().length());
      }
    }
    return argument;
  }

  private Map<String, Path> places(PodSpec pod) {
    Map<String, Path> places = new TreeMap<>();
    for (VolumeMount mount : pod.getContainers().getFirst().getVolumeMounts()) {
      pod.getVolumes().stream()
          .filter(v -> v.getName().equals(mount.getName()))
          .forEach(volume -> {
            if (volume.getPersistentVolumeClaim() != null) {
              Path whole = of(volume.getPersistentVolumeClaim().getClaimName());
              places.put(
                  mount.getMountPath(),
                  mount.getSubPath() == null ? whole : whole.resolve(mount.getSubPath()));
            } else if (volume.getSecret() != null) {
              places.put(mount.getMountPath(), written(volume.getSecret()));
            }
          });
    }
    return places;
  }

  /** Of a Secret the keys that are named, as it is now. */
  private Path written(SecretVolumeSource source) {
    Secret secret = stage.get(Secret.class, source.getSecretName());
    try {
      Path folder = Files.createTempDirectory(of("said"), source.getSecretName());
      for (KeyToPath item : source.getItems()) {
        Files.writeString(
            folder.resolve(item.getPath()),
            Objects.requireNonNull(SecretText.of(secret, item.getKey())));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
