package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The catalogue of a set: a line of JSON for each thing in it, in the order it is restored. */
public final class CatalogueLine {
  public static final String DATABASE = "database";
  public static final String TABLE = "table";
  public static final String FOLDER = "folder";
  public static final String FILE = "file";

  /** The last one; says how many there are before it. */
  public static final String END = "end";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CatalogueLine() {}

  /** A line of a kind. */
  public static ObjectNode of(String kind) {
    return MAPPER.createObjectNode().put("kind", kind);
  }

  /** Writes a line. */
  public static void write(OutputStream out, ObjectNode line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a line.
   *
   * @throws BackupException {@code set-damaged}
   */
  public static JsonNode read(String line) throws BackupException {
    try {
      return MAPPER.readTree(line);
    } catch (IOException e) {
      throw BackupException.refused("set-damaged", "the catalogue of the set cannot be read");
    }
  }
}
