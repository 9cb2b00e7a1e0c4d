package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** When schema migrations are run. */
public enum SchemaRun {
  /** On a new backend before the data comes, and otherwise only when an annotation asks for it. */
  @JsonProperty("OnSwitch")
  ON_SWITCH("OnSwitch"),

  /** Also on the backend that holds the data, whenever what would be run changes. */
  @JsonProperty("Always")
  ALWAYS("Always");

  private final String word;

  SchemaRun(String word) {
    this.word = word;
  }

  /**
   * Reads the word used in YAML. A word of a newer version reads as null, so that one resource
   * cannot stop the informer for all the others.
   */
  @JsonCreator
  public static @Nullable SchemaRun of(@Nullable String value) {
    for (SchemaRun run : values()) {
      if (run.word.equals(value)) {
        return run;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return word;
  }
}
