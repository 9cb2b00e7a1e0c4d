package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.TargetException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All sets of a place, newest first by the moment that they hold. */
public final class SetList {
  /** The state of a set whose manifest is good. */
  public static final String COMPLETED = "Completed";

  /** The state of a set whose deletion was begun. */
  public static final String DELETING = "Deleting";

  /**
   * A set.
   *
   * @param id its name
   * @param state {@link #COMPLETED}, {@code Suspicious}, {@code Unfinished}, {@link #DELETING}, or
   *     why it cannot be used
   * @param objects how many objects are there
   * @param manifest missing where it cannot be read
   */
  public record Entry(String id, String state, int objects, JsonNode manifest) {

    /** The moment the set holds; empty where nothing says so. */
    public String consistentAt() {
      return manifest.path("consistentAt").asText();
    }
  }

  private SetList() {}

  /** Reads every manifest; none of the other objects. */
  public static List<Entry> of(ObjectStore store) throws IOException {
    Map<String, Set<String>> sets = new TreeMap<>();
    for (var object : store.list(SetNames.SETS)) {
      String[] parts = object.key().substring(SetNames.SETS.length()).split("/", 2);
      if (parts.length == 2) {
        sets.computeIfAbsent(parts[0], id -> new TreeSet<>()).add(parts[1]);
      }
    }
    List<Entry> all = new ArrayList<>();
    for (var set : sets.entrySet()) {
      all.add(entry(store, set.getKey(), set.getValue()));
    }
    all.sort(Comparator.comparing(Entry::consistentAt).reversed().thenComparing(Entry::id));
    return all;
  }

  private static Entry entry(ObjectStore store, String id, Set<String> names) throws IOException {
    Entry entry = read(store, id, names);
    return names.contains(SetNames.DELETING)
        ? new Entry(id, DELETING, entry.objects(), entry.manifest())
        : entry;
  }

  private static Entry read(ObjectStore store, String id, Set<String> names) throws IOException {
    try {
      JsonNode manifest = manifest(store, id);
      boolean suspicious = !manifest.path("suspicious").isEmpty();
      return new Entry(id, suspicious ? "Suspicious" : COMPLETED, names.size(), manifest);
    } catch (BackupException e) {
      boolean unfinished = names.contains(SetNames.UNFINISHED) && !names.contains(SetNames.SUMS);
      return new Entry(
          id, unfinished ? "Unfinished" : e.reason(), names.size(), MissingNode.getInstance());
    }
  }

  private static JsonNode manifest(ObjectStore store, String id)
      throws IOException, BackupException {
    try {
      return StoredSet.open(store, id).manifest();
    } catch (IOException e) {
      if (e instanceof TargetException target && !target.concernsOneObject()) {
        throw e;
      }
      // The place itself could be listed: one set that cannot be read says nothing of the others.
      throw BackupException.failed(
          "manifest-unreadable",
          "the manifest of set " + id + " cannot be read: " + e.getMessage());
    }
  }
}
