package dev.wharfinger.e2e;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/** A file on an instance's volume, seen past Kubernetes where the node is this machine. */
final class VolumeFile {
  private final Path path;

  private VolumeFile(Path path) {
    this.path = path;
  }

  /** The file, or nothing where volumes do not lie on this machine. */
  static Optional<VolumeFile> of(Story story, String claim, String file) {
    String name =
        Objects.requireNonNull(
                story
                    .client()
                    .persistentVolumeClaims()
                    .inNamespace(story.namespace())
                    .withName(claim)
                    .get())
            .getSpec()
            .getVolumeName();
    PersistentVolume volume = story.client().persistentVolumes().withName(name).get();
    String folder =
        volume.getSpec().getHostPath() != null
            ? volume.getSpec().getHostPath().getPath()
            : volume.getSpec().getLocal() != null ? volume.getSpec().getLocal().getPath() : "";
    Path path = Path.of(folder, file);
    return Files.isReadable(path) ? Optional.of(new VolumeFile(path)) : Optional.empty();
  }

  String sha256() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
