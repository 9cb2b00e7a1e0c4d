package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** Whether a move to PostgreSQL is done in chunks, which a new pod can go on with. */
public enum Large {
  /** From 20 GB on. */
  @JsonProperty("auto")
  AUTO("auto"),

  /** Whatever the size. */
  @JsonProperty("always")
  ALWAYS("always"),

  /** In one transaction, whatever the size. */
  @JsonProperty("never")
  NEVER("never");

  private final String word;

  Large(String word) {
    this.word = word;
  }

  /**
   * Reads the word used in YAML. A word of a newer version reads as null, so that one resource
   * cannot stop the informer for all the others.
   */
  @JsonCreator
  public static @Nullable Large of(@Nullable String value) {
    for (Large large : values()) {
      if (large.word.equals(value)) {
        return large;
      }
    }
    return null;
  }

  /** The word used in YAML and on the runner's command line. */
  @Override
  public String toString() {
    return word;
  }
}
