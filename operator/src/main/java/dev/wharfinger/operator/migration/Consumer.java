package dev.wharfinger.operator.migration;

import org.jspecify.annotations.Nullable;

/**
 * A workload whose pods read the binding or mount the data, as it was seen.
 *
 * @param kind its kind
 * @param name its name
 * @param uid its uid
 * @param resourceVersion the version that was seen; patches insist on it
 * @param size what it asks for now: replicas; for a CronJob whether it is suspended; for a
 *     DaemonSet always {@code all}
 * @param stopped whether it asks for no pod at all
 * @param holder who holds it at zero
 * @param remembered the size it had before the fence, null when nobody wrote it down
 */
public record Consumer(
    ConsumerKind kind,
    String name,
    String uid,
    String resourceVersion,
    String size,
    boolean stopped,
    Holder holder,
    @Nullable String remembered) {

  /** Who holds a consumer at zero. */
  public enum Holder {
    NOBODY,
    US,
    /** Another migration that has not ended. */
    ANOTHER,
    /** A migration that is over: its fence is taken over. */
    LEFT_BEHIND
  }

  /** Whether this migration has to force it to zero, for the first time or again. */
  public boolean needsFence() {
    return holder != Holder.ANOTHER && !(stopped && holder == Holder.US);
  }

  public boolean fencedByUs() {
    return holder == Holder.US;
  }

  /** The size to give back: the first one that was remembered, whatever happened since. */
  public String sizeToRemember() {
    return holder == Holder.NOBODY || remembered == null ? size : remembered;
  }

  /** {@code Deployment/app}. */
  public String label() {
    return kind.kind() + "/" + name;
  }
}
