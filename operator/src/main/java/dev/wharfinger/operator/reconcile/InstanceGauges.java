package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.job.ServerFigures;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that always change: metrics, and never a status, which would be written for each.
 * They are as old as the Jobs that brought them, and read again from those after a restart.
 */
public final class InstanceGauges {
  private record Key(String namespace, String name) {}

  private record Look(ServerFigures figures, Instant at) {}

  private final Map<Key, Look> looks = new HashMap<>();
  private final Map<Key, Instant> backups = new HashMap<>();
  private final MultiGauge size;
  private final MultiGauge sessions;
  private final MultiGauge connections;
  private final MultiGauge most;
  private final MultiGauge oldest;
  private final MultiGauge seen;
  private final MultiGauge saved;

  /**
   * The gauges, without any row.
   *
   * @param registry where they are read
   */
  public InstanceGauges(MeterRegistry registry) {
    size = gauge(registry, "database.size", "bytes", "size of the database");
    sessions = gauge(registry, "role.connections", null, "sessions of the application's role");
    connections = gauge(registry, "database.connections", null, "sessions of any role");
    most = gauge(registry, "server.max.connections", null, "max_connections of the server");
    oldest =
        gauge(registry, "oldest.transaction", "seconds", "age of the role's oldest transaction");
    seen = gauge(registry, "look.timestamp", "seconds", "when the server was looked at last");
    saved =
        gauge(registry, "backup.timestamp", "seconds", "the instant the newest good backup is of");
  }

  private static MultiGauge gauge(
      MeterRegistry registry, String name, @Nullable String unit, String description) {
    return MultiGauge.builder("wharfinger." + name)
        .description(description)
        .baseUnit(unit)
        .register(registry);
  }

  /** What the last look at an instance's server brought; null where there is none to tell of. */
  synchronized void look(
      StorageInstance instance, @Nullable ServerFigures figures, @Nullable Instant at) {
    Look now = figures == null || at == null ? null : new Look(figures, at);
    if (changed(looks, key(instance), now)) {
      tell(size, looks, look -> look.figures.bytes());
      tell(connections, looks, look -> look.figures.connections());
      tell(most, looks, look -> look.figures.maxConnections());
      tell(oldest, looks, look -> look.figures.oldestTransactionSeconds());
      tell(seen, looks, look -> look.at.getEpochSecond());
      sessions.register(
          looks.entrySet().stream()
              .flatMap(e ->
                  Map.of(
                          "active", e.getValue().figures.active(),
                          "idle", e.getValue().figures.idle(),
                          "idle in transaction", e.getValue().figures.idleInTransaction())
                      .entrySet()
                      .stream()
                      .map(s -> Row.of(tags(e.getKey()).and("state", s.getKey()), s.getValue())))
              .toList(),
          true);
    }
  }

  /** How an instance's backups stand. */
  synchronized void backup(StorageInstance instance, @Nullable BackupOverview overview) {
    if (changed(backups, key(instance), saved(overview))) {
      tell(saved, backups, Instant::getEpochSecond);
    }
  }

  /** Null where there is none, or somebody wrote into what it ended with. */
  private static @Nullable Instant saved(@Nullable BackupOverview overview) {
    if (overview == null || overview.lastSuccessful() == null) {
      return null;
    }
    try {
      return Instant.parse(overview.lastSuccessful().consistentAt());
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Of an instance that goes nothing is told any more. */
  void forget(StorageInstance instance) {
    look(instance, null, null);
    backup(instance, null);
  }

  private static <T> boolean changed(Map<Key, T> known, Key key, @Nullable T now) {
    return !Objects.equals(now, now == null ? known.remove(key) : known.put(key, now));
  }

  private static <T> void tell(MultiGauge gauge, Map<Key, T> known, ToDoubleFunction<T> number) {
    gauge.register(
        known.entrySet().stream()
            .map(e -> Row.of(tags(e.getKey()), number.applyAsDouble(e.getValue())))
            .toList(),
        true);
  }

  private static Tags tags(Key key) {
    return Tags.of("namespace", key.namespace(), "instance", key.name());
  }

  private static Key key(StorageInstance instance) {
    return new Key(instance.getMetadata().getNamespace(), instance.getMetadata().getName());
  }
}
