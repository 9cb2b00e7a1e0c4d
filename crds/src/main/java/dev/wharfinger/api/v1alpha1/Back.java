package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** What going back to SQLite means. */
public enum Back {
  /** PostgreSQL's rows are copied into a new file. */
  @JsonProperty("copy")
  COPY("copy"),

  /** The file of before is taken again as it stands; what was written on PostgreSQL stays there. */
  @JsonProperty("rollback")
  ROLLBACK("rollback");

  private final String word;

  Back(String word) {
    this.word = word;
  }

  /**
   * Reads the word used in YAML. A word of a newer version reads as null, so that one resource
   * cannot stop the informer for all the others.
   */
  @JsonCreator
  public static @Nullable Back of(@Nullable String value) {
    for (Back back : values()) {
      if (back.word.equals(value)) {
        return back;
      }
    }
    return null;
  }

  /** What a StorageInstance asks for; {@link #COPY} where it says nothing. */
  public static Back asked(@Nullable StorageInstanceSpec spec) {
    return spec == null || spec.migration() == null || spec.migration().back() == null
        ? COPY
        : spec.migration().back();
  }

  @Override
  public String toString() {
    return word;
  }
}
