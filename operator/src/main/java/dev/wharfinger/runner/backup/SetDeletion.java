package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.backup.store.CapabilityProbe;
import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectExistsException;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a set so that at no moment a part of one is taken for a whole: first comes a mark, then
 * the manifest goes, then all else, and the mark last. Where that is broken off, the mark is there
 * still, and the same command goes on.
 *
 * <p>What one would restore tomorrow stays, whatever anybody says: a set goes only after a newer
 * one was read back whole.
 */
public final class SetDeletion {
  private static final int LARGEST = 1 << 16;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectStore store;
  private final Lineage lineage;
  private final String id;

  private SetDeletion(ObjectStore store, Lineage lineage, String id) {
    this.store = store;
    this.lineage = lineage;
    this.id = id;
  }

  /**
   * Deletes a set.
   *
   * @param instance whose sets these are
   * @return name of the newer set that was read back whole; null where a deletion was gone on with
   * @throws BackupException where the set must stay; nothing of it was deleted
   */
  public static @Nullable String run(ObjectStore store, String instance, String id)
      throws IOException, BackupException {
    SetDeletion deletion = new SetDeletion(store, lineage(store, instance), id);
    String newer = deletion.goesOn() ? null : deletion.begin();
    deletion.finish();
    return newer;
  }

  private static Lineage lineage(ObjectStore store, String instance)
      throws IOException, BackupException {
    Lineage lineage;
    try {
      lineage = Lineage.read(store);
    } catch (MissingObjectException e) {
      throw BackupException.refused(
          "lineage-lost",
          store.describe() + " has no lineage.json, which says whose sets these are; put it back");
    }
    if (!lineage.instance().equals(instance)) {
      throw BackupException.refused(
          "lineage-conflict",
          "%s belongs to %s; this is %s".formatted(store.describe(), lineage.instance(), instance));
    }
    return lineage;
  }

  /** Whether the manifest has gone already, and our mark says that it was we who deleted it. */
  private boolean goesOn() throws IOException {
    try (InputStream in = store.read(SetNames.key(id, SetNames.MANIFEST))) {
      return false;
    } catch (MissingObjectException e) {
      return marked();
    }
  }

  private boolean marked() throws IOException {
    try (InputStream in = store.read(SetNames.key(id, SetNames.DELETING))) {
      JsonNode mark = MAPPER.readTree(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
      return mark.path("instance").asText().equals(lineage.instance())
          && mark.path("id").asText().equals(id);
    } catch (MissingObjectException | JsonProcessingException e) {
      return false;
    }
  }

  private String begin() throws IOException, BackupException {
    StoredSet set = StoredSet.open(store, id);
    if (!set.manifest().path("instance").asText().equals(lineage.instance())) {
      throw BackupException.refused("id-in-use", "set " + id + " is of another instance");
    }
    if (!CapabilityProbe.run(store).deletes()) {
      throw BackupException.refused(
          "target-keeps", "nothing can be deleted in " + store.describe() + "; nothing was");
    }
    String newer = newer(set);
    lineage.confirm(store);
    mark();
    Failpoint.at("deletion-marked");
    delete(SetNames.MANIFEST);
    Failpoint.at("manifest-deleted");
    return newer;
  }

  /** The newest set that is newer and sound. */
  private String newer(StoredSet set) throws IOException, BackupException {
    Instant at = instant(set.manifest());
    for (SetList.Entry entry : SetList.of(store)) {
      if (entry.state().equals(SetList.COMPLETED)
          && at != null
          && after(instant(entry.manifest()), at)
          && StoredSet.open(store, entry.id()).damages().isEmpty()) {
        return entry.id();
      }
    }
    throw BackupException.refused(
        "newest-set",
        "set " + id + " stays: there is no newer one here that is completed and not damaged");
  }

  private static boolean after(@Nullable Instant one, Instant other) {
    return one != null && one.isAfter(other);
  }

  private static @Nullable Instant instant(JsonNode manifest) {
    try {
      return Instant.parse(manifest.path("consistentAt").asText());
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private void mark() throws IOException, BackupException {
    byte[] text =
        MAPPER.writeValueAsBytes(
            MAPPER
                .createObjectNode()
                .put("instance", lineage.instance())
                .put("id", id)
                .put("startedAt", Instant.now().toString()));
    try (ObjectWriter writer = store.create(SetNames.key(id, SetNames.DELETING))) {
      writer.write(text);
      writer.commit();
    } catch (ObjectExistsException e) {
      // Of one that was broken off before the manifest went, or of another one that is at work.
      if (!marked()) {
        throw BackupException.refused(
            "deletion-unfinished",
            "set "
                + id
                + " has a "
                + SetNames.DELETING
                + " that is not ours or cannot be read; delete that, and then the set");
      }
    }
  }

  private void finish() throws IOException, BackupException {
    int deleted = 0;
    for (String name : others()) {
      delete(name);
      Failpoint.at("object-deleted", ++deleted);
    }
    if (!others().isEmpty()) {
      throw BackupException.failed(
          "deletion-unfinished", "something of set " + id + " is there still; delete it again");
    }
    delete(SetNames.DELETING);
  }

  private List<String> others() throws IOException {
    return store.list(SetNames.prefix(id)).stream()
        .map(object -> object.key().substring(SetNames.prefix(id).length()))
        .filter(name -> !name.equals(SetNames.DELETING))
        .toList();
  }

  private void delete(String name) throws IOException {
    try {
      store.delete(SetNames.key(id, name));
    } catch (MissingObjectException e) {
      // Somebody else deletes it too.
    }
  }
}
