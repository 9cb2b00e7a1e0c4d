package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wharfinger.runner.backup.seal.KeyFingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The application's keys, without which its data are there and cannot be read.
 *
 * @param given files, by name of the key
 * @param missing names of keys that whoever restores knows to be missing
 */
public record RequiredKeys(Map<String, Path> given, Set<String> missing) {

  /**
   * Compares them with what the manifest says.
   *
   * @throws BackupException {@code app-key-missing} or {@code app-key-differs}
   */
  public void check(JsonNode manifest, Warnings warnings) throws IOException, BackupException {
    for (JsonNode node : manifest.path("requiredKeys")) {
      KeyFingerprint key =
          new KeyFingerprint(
              node.path("name").asText(), node.path("salt").asText(), node.path("hash").asText());
      Path file = given.get(key.name());
      if (file == null && missing.contains(key.name())) {
        warnings.add("app-key-missing", "restored without the key " + key.name());
      } else if (file == null) {
        throw BackupException.refused(
            "app-key-missing",
            "the data need the key %s; show it with --key %s=FILE, or say --without-key %s"
                .formatted(key.name(), key.name(), key.name()));
      } else if (!key.matches(file)) {
        throw BackupException.refused(
            "app-key-differs",
            file + " is not the key " + key.name() + " that the data of this set need");
      }
    }
  }
}
