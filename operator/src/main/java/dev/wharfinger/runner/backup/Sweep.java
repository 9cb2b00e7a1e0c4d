package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a killed backup left behind. That is only what has our mark, is a week old, and was
 * never whole: the list of hashes is written when everything else is there, so a set that lost its
 * manifest still has it and is left for a person to look at. But whoever asks for a set again, and
 * whose own mark is still on it, knows that it never was one.
 */
final class Sweep {
  static final Duration AGE = Duration.ofDays(7);
  private static final int LARGEST = 1 << 16;
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectStore store;
  private final Lineage lineage;
  private final Instant now;
  private final @Nullable String abandoned;
  private final @Nullable String owner;

  /** A sweep. */
  Sweep(ObjectStore store, Lineage lineage, Instant now, Target target) {
    this.store = store;
    this.lineage = lineage;
    this.now = now;
    this.abandoned = target.abandoned();
    this.owner = target.owner();
  }

  /** Removes them; says which. */
  List<String> run() throws IOException {
    TreeMap<String, Set<String>> sets = new TreeMap<>();
    for (var object : store.list(SetNames.SETS)) {
      String[] parts = object.key().substring(SetNames.SETS.length()).split("/", 2);
      if (parts.length == 2) {
        sets.computeIfAbsent(parts[0], id -> new HashSet<>()).add(parts[1]);
      }
    }
    List<String> removed = new ArrayList<>();
    for (var set : sets.entrySet()) {
      Set<String> names = set.getValue();
      if (!names.contains(SetNames.UNFINISHED)) {
        continue;
      }
      if (names.contains(SetNames.MANIFEST)) {
        unmark(store, set.getKey());
      } else if (leftBehind(set.getKey(), names.contains(SetNames.SUMS))
          && gone(set.getKey(), names)) {
        removed.add(set.getKey());
      }
    }
    for (String prefix : List.of(SetNames.SETS, "probe/")) {
      removed.addAll(store.endUnfinished(prefix, now.minus(AGE)));
    }
    return removed;
  }

  /**
   * @param summed whether all but the manifest was written
   */
  private boolean leftBehind(String id, boolean summed) throws IOException {
    if (summed && !id.equals(abandoned)) {
      return false;
    }
    try (InputStream in = store.read(SetNames.key(id, SetNames.UNFINISHED))) {
      JsonNode mark = MAPPER.readTree(in.readNBytes(LARGEST));
      if (!mark.path("instance").asText().equals(lineage.instance())) {
        return false;
      }
      String marked = mark.path("owner").asText();
      if (summed) {
        return !marked.isEmpty() && marked.equals(owner);
      }
      boolean known = owner == null || marked.isEmpty() || marked.equals(owner);
      return id.equals(abandoned) && known
          || Instant.parse(mark.path("startedAt").asText()).plus(AGE).isBefore(now);
    } catch (JsonProcessingException | DateTimeParseException | MissingObjectException e) {
      return false;
    }
  }

  private boolean gone(String id, Set<String> names) throws IOException {
    // A list may be older than the object: ask for it.
    Set<String> proofs = new HashSet<>(Set.of(SetNames.MANIFEST, SetNames.SUMS));
    proofs.removeAll(names);
    for (String proof : proofs) {
      try (InputStream in = store.read(SetNames.key(id, proof))) {
        LOG.warn("set {} has a {} that is not listed", id, proof);
        return false;
      } catch (MissingObjectException e) {
        LOG.debug("unfinished", e);
      }
    }
    for (String name : names) {
      if (!name.equals(SetNames.UNFINISHED)) {
        delete(SetNames.key(id, name));
      }
    }
    delete(SetNames.key(id, SetNames.UNFINISHED));
    return true;
  }

  private void delete(String key) throws IOException {
    try {
      store.delete(key);
    } catch (MissingObjectException e) {
      LOG.debug("gone already", e);
    }
  }

  /** Takes the mark off a set that has its manifest; whoever may only write leaves it there. */
  static void unmark(ObjectStore store, String id) {
    try {
      store.delete(SetNames.key(id, SetNames.UNFINISHED));
    } catch (IOException e) {
      LOG.debug("the mark of {} stays", id, e);
    }
  }
}
