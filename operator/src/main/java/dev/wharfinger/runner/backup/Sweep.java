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
 * manifest still has it and is left for a person to look at.
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

  /**
   * A sweep.
   *
   * @param abandoned a set whose writer is known to be dead, however young its mark is; or null
   */
  Sweep(ObjectStore store, Lineage lineage, Instant now, @Nullable String abandoned) {
    this.store = store;
    this.lineage = lineage;
    this.now = now;
    this.abandoned = abandoned;
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
      } else if (!names.contains(SetNames.SUMS)
          && leftBehind(set.getKey())
          && gone(set.getKey(), names)) {
        removed.add(set.getKey());
      }
    }
    for (String prefix : List.of(SetNames.SETS, "probe/")) {
      removed.addAll(store.endUnfinished(prefix, now.minus(AGE)));
    }
    return removed;
  }

  private boolean leftBehind(String id) throws IOException {
    try (InputStream in = store.read(SetNames.key(id, SetNames.UNFINISHED))) {
      JsonNode mark = MAPPER.readTree(in.readNBytes(LARGEST));
      return mark.path("instance").asText().equals(lineage.instance())
          && (id.equals(abandoned)
              || Instant.parse(mark.path("startedAt").asText()).plus(AGE).isBefore(now));
    } catch (JsonProcessingException | DateTimeParseException | MissingObjectException e) {
      return false;
    }
  }

  private boolean gone(String id, Set<String> names) throws IOException {
    // A list may be older than the object: ask for it.
    for (String proof : new String[] {SetNames.MANIFEST, SetNames.SUMS}) {
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
