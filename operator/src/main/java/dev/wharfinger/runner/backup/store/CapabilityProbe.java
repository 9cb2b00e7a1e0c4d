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
   * Tries it with an object of a random name.
   *
   * @return whether objects can be deleted; sets can be written without that
   * @throws BackupException where the store would lose or replace something
   */
  public static boolean run(ObjectStore store) throws IOException, BackupException {
    String key = "probe/" + UUID.randomUUID();
    byte[] content = key.getBytes(StandardCharsets.UTF_8);
    write(store, key, content);
    try {
      try {
        write(store, key, new byte[] {0});
        throw BackupException.refused(
            "target-replaces",
            store.describe() + " lets an object be replaced although it was told not to");
      } catch (ObjectExistsException e) {
        // As it should be.
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
    return store.list("probe/").stream().noneMatch(o -> o.key().equals(key));
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
