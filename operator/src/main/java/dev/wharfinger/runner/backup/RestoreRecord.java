package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was restored, as the file {@link #FILE} beside the data: it is there once all of the data
 * is, and goes wherever the data go.
 *
 * @param task what the restore was called by whoever asked for it; a volume that has passed to
 *     another owner has data that were used since
 * @param set what is told of the set: {@code id}, {@code lineage}, {@code consistentAt} and {@code
 *     totals}
 */
public record RestoreRecord(String task, JsonNode set) {
  /** The file's name. */
  public static final String FILE = ".wharfinger-restored";

  private static final int LARGEST = 1 << 16;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What is told of a set. */
  public static RestoreRecord of(String task, StoredSet set) {
    ObjectNode told = MAPPER.createObjectNode();
    for (String name : new String[] {"id", "lineage", "consistentAt", "totals"}) {
      told.set(name, set.manifest().path(name));
    }
    return new RestoreRecord(task, told);
  }

  /**
   * The record in a directory, or null where there is none.
   *
   * @throws BackupException where it cannot be understood
   */
  public static @Nullable RestoreRecord in(Path directory) throws IOException, BackupException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    byte[] text;
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      text = in.readNBytes(LARGEST);
    }
    RestoreRecord record = parse(new String(text, StandardCharsets.UTF_8));
    if (record == null) {
      throw BackupException.refused(
          "directory-not-empty",
          directory + " has a " + FILE + " that cannot be read; restore into a new directory");
    }
    return record;
  }

  /** A record that was written, or null where it cannot be understood. */
  public static @Nullable RestoreRecord parse(String text) {
    try {
      JsonNode record = MAPPER.readTree(text);
      return record.path("set").path("id").isTextual()
          ? new RestoreRecord(record.path("task").asText(), record.path("set"))
          : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Whether it speaks of this set, and of this restore of it. */
  public boolean speaksOf(String asked, String id) {
    return set.path("id").asText().equals(id) && task.equals(asked);
  }

  /** Whether another one is of the same restore. */
  public boolean same(@Nullable RestoreRecord other) {
    return other != null && other.speaksOf(task, set.path("id").asText());
  }

  /**
   * Whether it speaks of this set, and of this restore of it.
   *
   * @throws BackupException where it speaks of another one
   */
  public void is(String asked, String id, Path directory) throws BackupException {
    if (!speaksOf(asked, id)) {
      throw BackupException.refused(
          "directory-not-empty",
          "%s has what was restored from set %s before, for somebody else; nothing is ever replaced: restore into a new directory"
              .formatted(directory, set.path("id").asText()));
    }
  }

  /** When the data are as they were. */
  public String instant() {
    return set.path("consistentAt").asText();
  }

  /** As it is written to {@link #FILE}. */
  public byte[] text() throws JsonProcessingException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json());
  }

  /** The same in one line. */
  public String line() {
    return json().toString();
  }

  private ObjectNode json() {
    ObjectNode record = MAPPER.createObjectNode().put("schemaVersion", 1).put("task", task);
    record.put("restoredAt", Instant.now().toString()).set("set", set);
    return record;
  }
}
