package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/** An object of a name we need is not ours. It is neither adopted nor changed. */
final class ConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable String formerUid;

  ConflictException(HasMetadata foreign) {
    super(message(foreign, Labels.ownerUid(foreign)));
    this.formerUid = Labels.ownerUid(foreign);
  }

  /**
   * {@code AdoptionRequired} for what a deleted instance of this name left behind, else {@code
   * NameConflict}.
   */
  String reason() {
    return formerUid == null ? "NameConflict" : "AdoptionRequired";
  }

  private static String message(HasMetadata foreign, @Nullable String formerUid) {
    String object = foreign.getKind() + " " + foreign.getMetadata().getName();
    return formerUid == null
        ? object
            + " exists and was not made by this operator; rename it or the StorageInstance, nothing was changed"
        : object
            + " was retained from a deleted StorageInstance; to take its data over, annotate this one with"
            + " wharfinger.dev/adopt: "
            + formerUid
            + ", or delete the retained objects yourself";
  }
}
