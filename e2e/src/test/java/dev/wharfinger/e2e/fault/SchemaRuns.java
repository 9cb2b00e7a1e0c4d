package dev.wharfinger.e2e.fault;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Who migrates the schema of which database: one at a time, and nobody what is being copied; and
 * commands once for each image, with what was there before in a copy or a backup.
 */
final class SchemaRuns {
  private final Seals seals;
  private final Consumer<String> violation;
  private final Map<Store, String> pods = new IdentityHashMap<>();
  private final Set<String> made = ConcurrentHashMap.newKeySet();
  private final Map<Store, Set<String>> images = new IdentityHashMap<>();
  private final Set<Store> backups = Collections.newSetFromMap(new IdentityHashMap<>());
  private volatile boolean backupsWanted;

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

  /** A backup set has all of a database as it is now. */
  synchronized void saved(Store store) {
    backups.add(store);
  }

  /** From now on a backup has to come before a command. */
  void wantBackups() {
    backupsWanted = true;
  }

  /** Whether a backup is there that no command was run after, or none is wanted. */
  synchronized boolean takeBackup(Store store) {
    return backups.remove(store) || !backupsWanted;
  }

  /**
   * The command of an application changes a database.
   *
   * @param saved whether what was there before is in a copy or a backup, or need not be
   */
  void command(Store store, String image, boolean saved) {
    boolean first;
    synchronized (this) {
      first = images.computeIfAbsent(store, s -> new HashSet<>()).add(image);
    }
    if (!saved) {
      violation.accept(
          "I13: the command of image %s runs before there is a copy or a backup".formatted(image));
    }
    if (!first) {
      violation.accept(
          "I13: the command of image %s runs a second time on one database".formatted(image));
    }
  }

  /** Whether there is a schema on a backend: {@code sqlite} or {@code postgresql}. */
  boolean isMade(String backend) {
    return made.contains(backend);
  }
}
