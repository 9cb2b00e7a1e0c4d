package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something as soon as a move says that it is in a phase. */
final class Phases {
  /** The phases of a move that goes well, in order. */
  static final List<String> FORWARD =
      List.of("Preflight", "Fenced", "Copying", "Committed", "Switched", "Done");

  private Phases() {}

  /** Acts once, in a thread of its own; the future says when it is done. */
  static CompletableFuture<Void> on(Lane lane, String phase, Runnable act) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    AtomicBoolean begun = new AtomicBoolean();
    lane.history()
        .read(entry -> {
          if (entry.event() instanceof History.Seen(var kind, StorageMigration migration)
              && migration.getStatus() != null
              && migration.getStatus().phase() != null
              && migration.getStatus().phase().value().equals(phase)
              && begun.compareAndSet(false, true)) {
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    act.run();
                    done.complete(null);
                  } catch (Throwable e) {
                    done.completeExceptionally(e);
                  }
                });
          }
        });
    return done;
  }
}
