package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.backup.store.Keys;
import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A set that has a manifest, to be read. */
public final class StoredSet {
  /** The newest manifest that is understood. */
  public static final int SCHEMA = 1;

  private static final int LARGEST_MANIFEST = 16 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectStore store;
  private final String id;
  private final JsonNode manifest;
  private final List<SetObject> objects;

  private StoredSet(ObjectStore store, String id, JsonNode manifest, List<SetObject> objects) {
    this.store = store;
    this.id = id;
    this.manifest = manifest;
    this.objects = objects;
  }

  /**
   * Reads a manifest, and that it is the one which was written.
   *
   * @throws BackupException {@code set-missing}, {@code manifest-missing}, {@code manifest-damaged}
   *     or {@code manifest-newer}
   */
  public static StoredSet open(ObjectStore store, String id) throws IOException, BackupException {
    byte[] text;
    byte[] sums;
    try {
      text = all(store, SetNames.key(id, SetNames.MANIFEST));
    } catch (MissingObjectException e) {
      throw store.list(SetNames.prefix(id)).isEmpty()
          ? BackupException.refused("set-missing", "there is no set " + id)
          : BackupException.refused(
              "manifest-missing",
              "set " + id + " has no manifest: it was never finished, or has lost it");
    }
    try {
      sums = all(store, SetNames.key(id, SetNames.SUMS));
    } catch (MissingObjectException e) {
      throw damaged(id, "its " + SetNames.SUMS + " is missing");
    }
    JsonNode manifest;
    try {
      // As text: of bytes that begin with a zero, the parser would believe that they are UTF-32.
      manifest = MAPPER.readTree(new String(text, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw damaged(id, "it cannot be read");
    }
    if (manifest.path("schemaVersion").asInt() > SCHEMA) {
      throw BackupException.refused(
          "manifest-newer",
          "set %s was written by a newer version (schemaVersion %s); restore it with that"
              .formatted(id, manifest.path("schemaVersion").asText()));
    }
    List<SetObject> objects = new ArrayList<>();
    for (JsonNode object : manifest.path("objects")) {
      objects.add(
          new SetObject(
              object.path("name").asText(),
              object.path("bytes").asLong(),
              object.path("sha256").asText()));
    }
    if (!sums(objects, text).equals(new String(sums, StandardCharsets.UTF_8))
        || !manifest.path("id").asText().equals(id)
        || !objects.stream().allMatch(object -> Keys.valid(object.name()))) {
      throw damaged(id, "it does not go with " + SetNames.SUMS);
    }
    return new StoredSet(store, id, manifest, List.copyOf(objects));
  }

  private static BackupException damaged(String id, String what) {
    return BackupException.refused(
        "manifest-damaged", "the manifest of set " + id + " is damaged: " + what);
  }

  private static byte[] all(ObjectStore store, String key) throws IOException {
    try (InputStream in = store.read(key)) {
      return in.readNBytes(LARGEST_MANIFEST);
    }
  }

  /** What {@code sha256sum --check} reads. */
  static String sums(List<SetObject> objects, byte[] manifest) {
    StringBuilder lines = new StringBuilder();
    for (SetObject object : objects) {
      lines.append(object.sha256()).append("  ").append(object.name()).append('\n');
    }
    return lines
        .append(Digests.of(manifest))
        .append("  ")
        .append(SetNames.MANIFEST)
        .append('\n')
        .toString();
  }

  /** SHA-256 of an object as it is stored. */
  static String hash(ObjectStore store, String key) throws IOException {
    Digests digests = new Digests();
    try (InputStream in = digests.reading(store.read(key))) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return digests.hex();
  }

  /** The manifest. */
  public JsonNode manifest() {
    return manifest;
  }

  /** Its name. */
  public String id() {
    return id;
  }

  /** The public keys it is encrypted to; empty where it is in clear. */
  public List<String> recipients() {
    List<String> names = new ArrayList<>();
    manifest.path("encryption").path("recipients").forEach(name -> names.add(name.asText()));
    return names;
  }

  /**
   * Reads every object and compares it with the manifest.
   *
   * @return what is missing or damaged; empty for a sound set
   * @throws IOException where the store cannot be read, which says nothing about the set
   */
  public List<String> damages() throws IOException {
    List<String> found = new ArrayList<>();
    for (SetObject object : objects) {
      try {
        if (!hash(store, SetNames.key(id, object.name())).equals(object.sha256())) {
          found.add(object.name() + " is not what was written");
        }
      } catch (MissingObjectException e) {
        found.add(object.name() + " is missing");
      }
    }
    return found;
  }

  /**
   * Refuses a set with damages.
   *
   * @throws BackupException {@code set-damaged}
   */
  public void sound() throws IOException, BackupException {
    List<String> found = damages();
    if (!found.isEmpty()) {
      throw BackupException.refused(
          "set-damaged", "set " + id + " is damaged: " + String.join("; ", found));
    }
  }

  /** Copies the set as it is stored, the manifest last. */
  public void copyTo(ObjectStore other) throws IOException {
    for (SetObject object : objects) {
      copy(other, object.name());
    }
    copy(other, SetNames.SUMS);
    copy(other, SetNames.MANIFEST);
  }

  private void copy(ObjectStore other, String name) throws IOException {
    String key = SetNames.key(id, name);
    try (InputStream in = store.read(key);
        ObjectWriter out = other.create(key)) {
      in.transferTo(out);
      out.commit();
    }
  }

  /** Begins to read an object of the set. */
  public ObjectInput read(String name, Identities identities) throws IOException, BackupException {
    for (SetObject object : objects) {
      if (object.name().equals(name)) {
        return ObjectInput.open(
            store.read(SetNames.key(id, name)), object, identities, recipients());
      }
    }
    throw BackupException.refused(
        "set-damaged", "the manifest of set " + id + " has no object " + name);
  }
}
