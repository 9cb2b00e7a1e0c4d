package dev.wharfinger.runner.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.backup.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder does as a store. */
class FolderStoreTest extends ObjectStoreContract {
  @TempDir private Path root;

  @Override
  protected ObjectStore store(String prefix) {
    return new FolderStore(root, prefix);
  }

  @Override
  protected ObjectStore gone() {
    return new FolderStore(root.resolve("gone"), "");
  }

  /** A folder is listed whole, and each object waits for the disk. */
  @Override
  protected int many() {
    return 60;
  }

  @Test
  void nothingIsLeftBesideAnObject() throws Exception {
    try (ObjectStore store = store("a/b")) {
      ObjectWriter second = store.create("sets/one/object");
      write(store, "sets/one/object", "1");

      assertThatThrownBy(second::commit).isInstanceOf(ObjectExistsException.class);
      second.close();
      try (ObjectWriter writer = store.create("x/y")) {
        writer.write('1');
      }

      try (var files = Files.list(root.resolve("a/b/sets/one"))) {
        assertThat(files).hasSize(1);
      }
      try (var files = Files.list(root.resolve("a/b/x"))) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void deletedObjectsTakeTheirEmptyFoldersAlong() throws Exception {
    try (ObjectStore store = new FolderStore(root, "p")) {
      write(store, "sets/one/object", "1");
      write(store, "other", "2");

      store.delete("sets/one/object");

      assertThat(root.resolve("p/sets")).doesNotExist();
      assertThat(read(store, "other")).isEqualTo("2");
      assertThatThrownBy(() -> store.delete("sets/one/object"))
          .isInstanceOf(MissingObjectException.class);
    }
  }

  @Test
  void othersMayDeleteWhileWeListAndWrite() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (ObjectStore store = new FolderStore(root, "");
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      write(store, "sets/stays/object", "1");
      Future<Integer> deleted = other.submit(() -> writeAndDelete(store, done));
      try {
        for (int i = 0; i < 300 && !deleted.isDone(); i++) {
          assertThat(store.list("sets/"))
              .contains(new ObjectStore.StoredObject("sets/stays/object", 1));
          write(store, "sets/goes/mine", "2");
          store.delete("sets/goes/mine");
        }
      } finally {
        done.set(true);
      }
      assertThat(deleted.get()).isPositive();
    }
  }

  private static int writeAndDelete(ObjectStore store, AtomicBoolean done) throws IOException {
    int count = 0;
    do {
      write(store, "sets/goes/object", "1");
      store.delete("sets/goes/object");
      count++;
    } while (!done.get());
    return count;
  }

  @Test
  void aStoreThatReplacesObjectsIsNotUsed() throws Exception {
    try (ObjectStore store = new Replacing(root)) {
      assertThatThrownBy(() -> CapabilityProbe.run(store))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.reason()).isEqualTo("target-replaces"));
    }
  }

  /** Takes every object, as some stores do that do not know the condition. */
  private record Replacing(Path root) implements ObjectStore {
    private ObjectStore folder() {
      return new FolderStore(root, "");
    }

    @Override
    public ObjectWriter create(String key) throws IOException {
      Files.deleteIfExists(root.resolve(key));
      return folder().create(key);
    }

    @Override
    public InputStream read(String key) throws IOException {
      return folder().read(key);
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
      return folder().list(prefix);
    }

    @Override
    public void delete(String key) throws IOException {
      folder().delete(key);
    }

    @Override
    public String describe() {
      return root.toString();
    }

    @Override
    public void close() {
      // Nothing is kept open.
    }
  }
}
