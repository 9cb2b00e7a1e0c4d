package dev.wharfinger.runner.backup.store;

import dev.wharfinger.runner.backup.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Tries, before anything else, whether a store does what sets rely on: an object is written once,
 * read back as it was, and listed.
 */
public final class CapabilityProbe {
  private CapabilityProbe() {}

  /**
   * What a store can do beyond what sets need.
   *
   * @param deletes whether objects can be deleted
   * @param exclusive whether the store itself refuses a second object of one key
   */
  public record Capabilities(boolean deletes, boolean exclusive) {}

  /**
   * Tries it with an object of a random name.
   *
   * @throws BackupException where the store would lose or replace something
   */
  public static Capabilities run(ObjectStore store) throws IOException, BackupException {
    String key = "probe/" + UUID.randomUUID();
    byte[] content = key.getBytes(StandardCharsets.UTF_8);
    write(store, key, content);
    try {
      if (replaces(store, key, content) && (!store.lookFirst() || replaces(store, key, content))) {
        throw BackupException.refused(
            "target-replaces",
            store.describe() + " lets an object be replaced although it was told not to");
      }
      try (InputStream in = store.read(key)) {
        if (!Arrays.equals(in.readAllBytes(), content)) {
          throw BackupException.refused(
              "target-alters", store.describe() + " gives back other bytes than it was given");
        }
      }
      if (store.list("probe/").stream().noneMatch(o -> o.key().equals(key))) {
        throw BackupException.refused(
            "target-hides", store.describe() + " does not list what was written into it");
      }
    } finally {
      deleted(store, key);
    }
    boolean deletes = store.list("probe/").stream().noneMatch(o -> o.key().equals(key));
    return new Capabilities(deletes, store.exclusive());
  }

  private static boolean replaces(ObjectStore store, String key, byte[] content)
      throws IOException {
    try {
      write(store, key, content);
      return true;
    } catch (ObjectExistsException e) {
      return false;
    }
  }

  private static void write(ObjectStore store, String key, byte[] content) throws IOException {
    try (ObjectWriter writer = store.create(key)) {
      writer.write(content);
      writer.commit();
    }
  }

  /** Whoever may write need not be allowed to delete. */
  private static void deleted(ObjectStore store, String key) {
    try {
      store.delete(key);
    } catch (IOException e) {
      // It is listed still, which says the same.
    }
  }
}
