package dev.wharfinger.operator.reconcile;

import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An object of a name we need is not ours. It is neither adopted nor changed. The reason is {@code
 * AdoptionRequired} for what a deleted instance of this name left behind, else {@code
 * NameConflict}.
 */
final class ConflictException extends StalledException {
  private static final long serialVersionUID = 1L;

  ConflictException(HasMetadata foreign) {
    this(foreign, Labels.ownerUid(foreign));
  }

  private ConflictException(HasMetadata foreign, @Nullable String formerUid) {
    super(
        formerUid == null ? "NameConflict" : "AdoptionRequired",
        foreign.getKind()
            + " "
            + foreign.getMetadata().getName()
            + (formerUid == null
                ? " exists and was not made by this operator; rename it or the StorageInstance, nothing was changed"
                : " was retained from a deleted StorageInstance; to take its data over, annotate this one with "
                    + "wharfinger.dev/adopt: "
                    + formerUid
                    + ", or delete the retained objects yourself"));
  }
}
