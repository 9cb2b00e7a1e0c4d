package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's {@code journal_mode}, as far as it is kept in the file itself or is SQLite's default.
 */
public enum JournalMode {
  /** Write-ahead log: readers beside one writer. Kept in the file. */
  WAL,

  /** Rollback journal, SQLite's own default. */
  DELETE;

  /** Reads the word used in YAML; unknown words read as the default. */
  @JsonCreator
  public static JournalMode of(@Nullable String value) {
    return "DELETE".equals(value) ? DELETE : WAL;
  }
}
