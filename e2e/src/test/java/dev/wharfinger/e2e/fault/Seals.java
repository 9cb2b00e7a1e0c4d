package dev.wharfinger.e2e.fault;

import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * I5: what a transfer has begun to copy changes no more, whether or not its lock is held, until the
 * operation is given up or the data come back.
 */
final class Seals {
  private final Map<Store, String> operations = new IdentityHashMap<>();

  void put(Store store, String operation) {
    operations.put(store, operation);
  }

  /** The operation that copies it or has copied it, or null. */
  @Nullable String of(Store store) {
    return operations.get(store);
  }

  /** New data has come. */
  void take(Store store) {
    operations.remove(store);
  }

  /** It was given up, and has copied nothing. */
  void take(String operation) {
    operations.values().removeIf(operation::equals);
  }
}
