package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** Where an instance's data lives. */
public enum Backend {
  /** Database files on a volume that the application mounts. */
  @JsonProperty("SQLite")
  SQLITE("SQLite"),

  /** A PostgreSQL server. */
  @JsonProperty("PostgreSQL")
  POSTGRESQL("PostgreSQL");

  private final String value;

  Backend(String value) {
    this.value = value;
  }

  /** The word used in YAML. */
  public String value() {
    return value;
  }

  /**
   * Reads the word used in YAML. A word of a newer version reads as null, so that one resource
   * cannot stop the informer for all the others.
   */
  @JsonCreator
  public static @Nullable Backend of(@Nullable String value) {
    for (Backend backend : values()) {
      if (backend.value.equals(value)) {
        return backend;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return value;
  }
}
