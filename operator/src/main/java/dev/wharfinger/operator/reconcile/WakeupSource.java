package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.backup.Wakeups;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a run when a slot of a schedule comes. It runs while the operator serves, which is while
 * it leads; that a run comes late or never is made good by the next one, whatever brings it.
 */
final class WakeupSource extends AbstractEventSource<Void, StorageInstance> {
  private volatile @Nullable Wakeups wakeups;

  WakeupSource() {
    super(Void.class, "wakeups");
  }

  @Override
  public void start() {
    super.start();
    wakeups =
        Wakeups.start(key -> {
          int slash = key.indexOf('/');
          getEventHandler()
              .handleEvent(
                  new Event(new ResourceID(key.substring(slash + 1), key.substring(0, slash))));
        });
  }

  @Override
  public void stop() {
    super.stop();
    Wakeups ended = wakeups;
    wakeups = null;
    if (ended != null) {
      ended.close();
    }
  }

  /** Brings a run at a moment, and not at the one that was said before; null for none. */
  void at(StorageInstance instance, @Nullable Instant moment) {
    Wakeups now = wakeups;
    if (now == null) {
      return;
    }
    String key = instance.getMetadata().getNamespace() + "/" + instance.getMetadata().getName();
    if (moment == null) {
      now.forget(key);
    } else {
      now.at(key, moment);
    }
  }

  @Override
  public Set<Void> getSecondaryResources(StorageInstance instance) {
    return Set.of();
  }
}
