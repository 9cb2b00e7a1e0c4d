package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.JournalMode;
import dev.wharfinger.api.v1alpha1.SqliteSpec;
import dev.wharfinger.api.v1alpha1.StorageInstanceSpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The SQLite side of an instance with every default applied.
 *
 * @param volume the volume
 * @param databases file names, the first is the main one; never empty
 * @param made those of them that are made beforehand; the application makes the others
 * @param unmoved those of them that stay files whatever the backend is
 * @param journalMode how files are created
 * @param synchronous SQLite's word
 * @param busyTimeoutMillis how long a writer waits for the lock
 * @param inMemory no volume at all
 * @param uid owner of the files
 * @param gid group of the files
 */
public record SqliteModel(
    Volume volume,
    List<String> databases,
    List<String> made,
    List<String> unmoved,
    JournalMode journalMode,
    String synchronous,
    long busyTimeoutMillis,
    boolean inMemory,
    long uid,
    long gid) {

  /** The main database's file name. */
  public String mainDatabase() {
    return databases.getFirst();
  }

  /** The files that a move to or from {@code mainDatabase} would leave, without anybody's word. */
  public List<String> leftBehind() {
    return databases.stream().skip(1).filter(file -> !unmoved.contains(file)).toList();
  }

  static SqliteModel of(String instance, StorageInstanceSpec spec) {
    SqliteSpec s =
        Objects.requireNonNullElseGet(
            spec.sqlite(),
            () -> new SqliteSpec(null, null, null, null, null, null, null, null, null, null));
    List<String> declared = s.databases();
    List<String> databases =
        declared == null || declared.isEmpty() ? List.of(instance + ".db") : List.copyOf(declared);
    List<String> optional = Objects.requireNonNullElse(s.optionalDatabases(), List.of());
    return new SqliteModel(
        Volume.of(s.storage()),
        databases,
        databases.stream().filter(file -> !optional.contains(file)).toList(),
        List.copyOf(Objects.requireNonNullElse(s.unmovedDatabases(), List.of())),
        Objects.requireNonNullElse(s.journalMode(), JournalMode.WAL),
        Objects.requireNonNullElse(s.synchronous(), "NORMAL"),
        Durations.millis(Objects.requireNonNullElse(s.busyTimeout(), "5s")),
        Boolean.TRUE.equals(s.inMemory()),
        orDefault(s.runAsUser()),
        orDefault(s.runAsGroup()));
  }

  private static long orDefault(@Nullable Long id) {
    return id == null ? 65532 : id;
  }
}
