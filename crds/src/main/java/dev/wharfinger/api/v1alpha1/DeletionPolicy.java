package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** What happens to volumes and credentials when the resource is deleted. */
public enum DeletionPolicy {
  /** Volumes and credentials stay. */
  @JsonProperty("Retain")
  RETAIN,

  /** Volumes and credentials go, once the deletion is confirmed by annotation. */
  @JsonProperty("Delete")
  DELETE;

  /** Reads the word used in YAML; an unknown word is the safe choice. */
  @JsonCreator
  public static DeletionPolicy of(@Nullable String value) {
    return "Delete".equals(value) ? DELETE : RETAIN;
  }
}
