package dev.wharfinger.operator.restore;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.Names;
import dev.wharfinger.operator.model.RestoreSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is restored, and over what. Decided once and written on the StorageRestore, so that what a
 * person confirms is what is done, whatever becomes of the backup's record meanwhile.
 *
 * @param of uid of the StorageRestore; somebody may copy all of it under another name
 * @param source the set, and the uid of the instance
 * @param claim the volume's claim
 * @param claimUid that very claim
 * @param databases all of the instance; those of another instant than the set are moved away
 * @param expected those of them that the set must have
 * @param consistentAt the instant of the set
 * @param rows rows of all tables in it
 * @param bytes what it takes
 * @param decidedAt when it was; the same restore that is planned once more asks for another word
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestorePlan(
    String of,
    RestoreSource source,
    String claim,
    String claimUid,
    List<String> databases,
    List<String> expected,
    String consistentAt,
    long rows,
    long bytes,
    String decidedAt) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What was decided; null where nothing was, or nobody can read it any more. */
  public static @Nullable RestorePlan of(StorageRestore restore) {
    RestorePlan read = read(Annotations.get(restore, Annotations.RESTORE_PLAN));
    // What a copy brought along is of another restore.
    return read == null || !read.of.equals(restore.getMetadata().getUid()) ? null : read;
  }

  /**
   * The plan by which files of a claim may have been exchanged, and not all; null where nobody can
   * read it.
   */
  public static @Nullable RestorePlan on(@Nullable HasMetadata claim) {
    return read(Annotations.get(claim, Annotations.SWAP_STARTED));
  }

  /** Whether something was decided, and nobody can read it any more. */
  public static boolean spoiled(StorageRestore restore) {
    String text = Annotations.get(restore, Annotations.RESTORE_PLAN);
    return text != null && read(text) == null;
  }

  /** Whether what is written on a restore was decided for another one, of which it is a copy. */
  public static boolean foreign(StorageRestore restore) {
    RestorePlan read = read(Annotations.get(restore, Annotations.RESTORE_PLAN));
    return read != null && !read.of.equals(restore.getMetadata().getUid());
  }

  private static @Nullable RestorePlan read(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      RestorePlan read = MAPPER.readValue(text, RestorePlan.class);
      return read == null
              || read.of == null
              || read.source == null
              || read.claim == null
              || read.claimUid == null
              || read.databases == null
              || read.expected == null
              || read.consistentAt == null
              || read.decidedAt == null
          ? null
          : read;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** The word that a person says to have it done; nobody can know it before the plan is there. */
  @JsonIgnore
  public String token() {
    return source.set() + "-" + Names.hash(json());
  }

  /** For the annotation. */
  @JsonIgnore
  public String json() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can be written", e);
    }
  }
}
