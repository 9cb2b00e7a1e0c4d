package dev.wharfinger.e2e.fault;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Who migrates the schema of which database: one at a time, and nobody what is being copied. */
final class SchemaRuns {
  private final Seals seals;
  private final Consumer<String> violation;
  private final Map<Store, String> pods = new IdentityHashMap<>();
  private final Set<String> made = ConcurrentHashMap.newKeySet();

  SchemaRuns(Seals seals, Consumer<String> violation) {
    this.seals = seals;
    this.violation = violation;
  }

  /** A pod begins. */
  void begin(Store store, String pod) {
    String other;
    synchronized (this) {
      other = pods.put(store, pod);
    }
    if (other != null && !other.equals(pod)) {
      violation.accept("I12: two pods migrate the schema of one database at once");
    }
    String operation = seals.of(store);
    if (operation != null) {
      violation.accept("I5: the schema changes of what %s has begun to copy".formatted(operation));
    }
  }

  /** A pod's process is gone. */
  synchronized void end(String pod) {
    pods.values().removeIf(pod::equals);
  }

  /** A pod has ended well on a backend. */
  void made(String backend) {
    made.add(backend);
  }

  /** Whether there is a schema on a backend: {@code sqlite} or {@code postgresql}. */
  boolean isMade(String backend) {
    return made.contains(backend);
  }
}
