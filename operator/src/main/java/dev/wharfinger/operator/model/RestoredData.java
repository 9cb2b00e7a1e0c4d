package dev.wharfinger.operator.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.StorageInstanceStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a claim was filled with. It stands on the claim: from then on nothing is ever restored into
 * it, whatever becomes of status and Job.
 *
 * @param id what the set is called
 * @param consistentAt the instant that the data were of
 * @param lineage the id of those whose sets it is one of, or null
 * @param rows rows of all tables
 * @param by uid of the StorageRestore that put it there; null where the claim was made for it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestoredData(
    String id, String consistentAt, @Nullable String lineage, long rows, @Nullable String by) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Whether a claim was filled; also where the words were spoiled. */
  public static boolean on(@Nullable HasMetadata claim) {
    return Annotations.get(claim, Annotations.RESTORED) != null;
  }

  /** Whether what a claim has was put there by this StorageRestore. */
  public static boolean madeBy(@Nullable HasMetadata claim, String restoreUid) {
    RestoredData read = read(claim);
    return read != null && restoreUid.equals(read.by);
  }

  /** The same, put there by this StorageRestore. */
  public RestoredData madeBy(String restoreUid) {
    return new RestoredData(id, consistentAt, lineage, rows, restoreUid);
  }

  /** For the status, or null where nothing was restored, or nobody can tell what. */
  public static StorageInstanceStatus.@Nullable RestoredFrom status(@Nullable HasMetadata claim) {
    RestoredData read = read(claim);
    return read == null
        ? null
        : new StorageInstanceStatus.RestoredFrom(
            read.id, read.consistentAt, read.lineage, read.rows);
  }

  private static @Nullable RestoredData read(@Nullable HasMetadata claim) {
    String text = Annotations.get(claim, Annotations.RESTORED);
    if (text == null) {
      return null;
    }
    try {
      RestoredData read = MAPPER.readValue(text, RestoredData.class);
      return read == null || read.id == null || read.consistentAt == null ? null : read;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** For the annotation. */
  public String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written", e);
    }
  }
}
