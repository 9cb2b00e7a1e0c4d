package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectExistsException;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Whose sets these are: the object {@code lineage.json}, made once and never changed. Two instances
 * that are told to write to one place would each find only the other's newest set one day.
 *
 * @param id a UUID
 * @param instance who writes here, as {@code --instance} says
 * @param engine {@code sqlite} or {@code postgresql}
 * @param system PostgreSQL's system identifier and database; empty for SQLite
 */
public record Lineage(String id, String instance, String engine, String system) {
  private static final String KEY = "lineage.json";
  private static final int LARGEST = 1 << 16;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Finds that the place is ours, or makes it so where nobody has written.
   *
   * @throws BackupException {@code lineage-conflict}, {@code lineage-lost} or {@code
   *     lineage-damaged}; nothing was written
   */
  public static Lineage claim(ObjectStore store, String instance, String engine, String system)
      throws IOException, BackupException {
    Lineage wanted = new Lineage(UUID.randomUUID().toString(), instance, engine, system);
    Lineage there;
    try {
      there = read(store);
    } catch (MissingObjectException e) {
      if (!store.list(SetNames.SETS).isEmpty()) {
        throw BackupException.refused(
            "lineage-lost",
            store.describe()
                + " has sets and no "
                + KEY
                + ", which says whose they are; put it back, or write to another prefix");
      }
      there = wanted.make(store);
    }
    if (!there.sameWriter(wanted)) {
      throw BackupException.refused(
          "lineage-conflict",
          "%s belongs to %s; this is %s. Write to another prefix"
              .formatted(store.describe(), there.writer(), wanted.writer()));
    }
    return there;
  }

  private Lineage make(ObjectStore store) throws IOException, BackupException {
    byte[] text =
        MAPPER
            .writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(
                MAPPER
                    .createObjectNode()
                    .put("schemaVersion", 1)
                    .put("id", id)
                    .put("instance", instance)
                    .put("engine", engine)
                    .put("system", system)
                    .put("createdAt", Instant.now().toString()));
    try (ObjectWriter writer = store.create(KEY)) {
      writer.write(text);
      writer.commit();
    } catch (ObjectExistsException e) {
      // Somebody was quicker; the answer is in what is there now.
      return read(store);
    }
    return read(store);
  }

  /**
   * The lineage of a place.
   *
   * @throws MissingObjectException where nobody has written
   */
  public static Lineage read(ObjectStore store) throws IOException, BackupException {
    byte[] text;
    try (InputStream in = store.read(KEY)) {
      text = in.readNBytes(LARGEST);
    }
    try {
      JsonNode node = MAPPER.readTree(new String(text, StandardCharsets.UTF_8));
      Lineage found =
          new Lineage(
              node.path("id").asText(),
              node.path("instance").asText(),
              node.path("engine").asText(),
              node.path("system").asText());
      if (!found.id.isEmpty() && !found.instance.isEmpty()) {
        return found;
      }
    } catch (JsonProcessingException e) {
      // Said below.
    }
    throw BackupException.refused(
        "lineage-damaged", store.describe() + " has a " + KEY + " that cannot be read");
  }

  /**
   * Looks again, before something is made final.
   *
   * @throws BackupException where the place is somebody else's by now
   */
  void confirm(ObjectStore store) throws IOException, BackupException {
    try {
      if (read(store).equals(this)) {
        return;
      }
    } catch (MissingObjectException e) {
      // Said below.
    }
    throw BackupException.refused(
        "lineage-conflict", store.describe() + " was taken by another writer during this backup");
  }

  private boolean sameWriter(Lineage other) {
    return instance.equals(other.instance)
        && engine.equals(other.engine)
        && system.equals(other.system);
  }

  private String writer() {
    return "%s (%s%s)".formatted(instance, engine, system.isEmpty() ? "" : " " + system);
  }
}
