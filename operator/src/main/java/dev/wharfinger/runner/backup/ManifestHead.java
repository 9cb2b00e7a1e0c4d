package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.seal.KeyFingerprint;
import dev.wharfinger.runner.backup.seal.Recipients;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What every manifest says, of whatever engine.
 *
 * @param id name of the set
 * @param instance whose backup it is
 * @param recipients who can read it
 * @param keys files of the application's keys, by name
 * @param startedAt when it was begun
 */
public record ManifestHead(
    String id, String instance, Recipients recipients, Map<String, Path> keys, Instant startedAt) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Fingerprints of the application's keys as they are now. */
  public List<KeyFingerprint> fingerprints() throws IOException {
    List<KeyFingerprint> all = new ArrayList<>();
    for (var key : keys.entrySet()) {
      all.add(KeyFingerprint.of(key.getKey(), key.getValue()));
    }
    return all;
  }

  /**
   * Looks whether the keys are still the same.
   *
   * @throws BackupException {@code key-changed}
   */
  public void sameKeys(List<KeyFingerprint> before) throws IOException, BackupException {
    for (KeyFingerprint key : before) {
      if (!key.matches(Objects.requireNonNull(keys.get(key.name())))) {
        throw BackupException.failed(
            "key-changed", "the key " + key.name() + " changed while the databases were copied");
      }
    }
  }

  /** A manifest with all of it. */
  public ObjectNode manifest(
      Lineage lineage, Instant consistentAt, List<KeyFingerprint> fingerprints) {
    ObjectNode manifest = MAPPER.createObjectNode();
    manifest.put("schemaVersion", StoredSet.SCHEMA).put("id", id).put("instance", instance);
    manifest.put("lineage", lineage.id()).put("engine", lineage.engine());
    manifest.put("startedAt", startedAt.toString());
    manifest.put("consistentAt", consistentAt.toString());
    manifest.put("finishedAt", Instant.now().toString());
    manifest
        .putObject("tools")
        .put("wharfinger", ManifestHead.class.getPackage().getImplementationVersion());
    if (!recipients.none()) {
      ObjectNode encryption = manifest.putObject("encryption").put("format", "age");
      recipients.names().forEach(encryption.putArray("recipients")::add);
    }
    var required = manifest.putArray("requiredKeys");
    for (KeyFingerprint key : fingerprints) {
      required.addObject().put("name", key.name()).put("salt", key.salt()).put("hash", key.hash());
    }
    return manifest;
  }

  /** Adds what there is to wonder about. */
  public static void warn(ObjectNode manifest, List<String> suspicious, Warnings warnings) {
    suspicious.forEach(manifest.putArray("suspicious")::add);
    warnings.names("suspicious", "much less than before", suspicious);
    var list = manifest.putArray("warnings");
    warnings
        .all()
        .forEach(one -> list.addObject().put("code", one.code()).put("detail", one.detail()));
  }

  /**
   * The set of an earlier try of the same name, which was finished.
   *
   * @throws BackupException where it is somebody else's, or cannot be read
   */
  public com.fasterxml.jackson.databind.JsonNode earlier(Target target)
      throws IOException, BackupException {
    var manifest = StoredSet.open(target.store(), id).manifest();
    if (!manifest.path("instance").asText().equals(instance)) {
      throw BackupException.refused("id-in-use", "there is a set " + id + " of another instance");
    }
    return manifest;
  }
}
