package dev.wharfinger.operator.status;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What the last words of a PostgreSQL server mean that ends again and again. The first that is
 * found counts.
 *
 * @param reason for the condition
 * @param words what the server says
 * @param advice what to do
 */
public record ServerEnd(String reason, Pattern words, String advice) {
  private static final ServerEnd DAMAGED =
      known(
          "DataCorrupted",
          "could not locate a valid checkpoint record|incorrect checksum in control file"
              + "|could not read file \"global/pg_control\"|could not find the database system"
              + "|relation mapping file .* contains|is not a valid data directory|invalid page in block"
              + "|required WAL directory \"[^\"]*\" does not exist"
              + "|could not open (?:file|directory) \"(?:global|base|pg_[a-z]+)/[^\"]*\": No such file or directory",
          "keep the volume as it is until you have a copy of it; then bring it back from a snapshot, or restore a dump"
              + " into a new StorageInstance");

  private static final List<ServerEnd> ALL =
      List.of(
          known("DiskFull", "No space left on device", "raise storage.size"),
          known(
              "VolumeUnusable",
              "data directory \"[^\"]*\" has (?:invalid permissions|wrong ownership)"
                  + "|could not (?:open|access|create|read|write|write to|fsync|extend) (?:lock )?(?:file|directory)"
                  + " \"[^\"]*\": (?:Permission denied|Read-only file system|Input/output error)",
              "mend the owner and mode of its files, the volume or the node"),
          DAMAGED,
          known("ServerCrashing", "", "check postgresql.parameters and postgresql.resources"));

  /** What {@code words} mean; of words that nobody knows, where to look. */
  public static ServerEnd of(String words) {
    return ALL.stream().filter(end -> end.words.matcher(words).find()).findFirst().orElseThrow();
  }

  /** Whether no start will get further, as the server finds the same data at each. */
  public boolean lasting() {
    return equals(DAMAGED);
  }

  private static ServerEnd known(String reason, String words, String advice) {
    return new ServerEnd(reason, Pattern.compile(words), advice);
  }
}
