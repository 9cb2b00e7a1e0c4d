package dev.wharfinger.runner.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sets rely on, whatever they are kept in. */
public abstract class ObjectStoreContract {

  /** A store with nothing below that prefix. */
  protected abstract ObjectStore store(String prefix) throws Exception;

  /** A store whose place is not there. */
  protected abstract ObjectStore gone() throws Exception;

  /** More objects than one answer of the store lists. */
  protected int many() {
    return 1200;
  }

  protected static void write(ObjectStore store, String key, String text) throws IOException {
    try (ObjectWriter writer = store.create(key)) {
      writer.write(text.getBytes(StandardCharsets.UTF_8));
      writer.commit();
    }
  }

  protected static String read(ObjectStore store, String key) throws IOException {
    try (InputStream in = store.read(key)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> keys(ObjectStore store, String prefix) throws IOException {
    return store.list(prefix).stream().map(ObjectStore.StoredObject::key).toList();
  }

  @Test
  void anObjectIsThereOnceItIsWholeAndNeverReplaced() throws Exception {
    try (ObjectStore store = store("a/b")) {
      ObjectWriter first = store.create("sets/one/object");
      ObjectWriter second = store.create("sets/one/object");
      first.write('1');
      second.write('2');
      assertThat(store.list("sets/")).isEmpty();
      assertThatThrownBy(() -> store.read("sets/one/object"))
          .isInstanceOf(MissingObjectException.class);

      first.commit();

      assertThatThrownBy(second::commit).isInstanceOf(ObjectExistsException.class);
      first.close();
      second.close();
      assertThatThrownBy(() -> write(store, "sets/one/object", "3"))
          .isInstanceOf(ObjectExistsException.class);
      assertThat(read(store, "sets/one/object")).isEqualTo("1");
      assertThat(store.list("sets/"))
          .containsExactly(new ObjectStore.StoredObject("sets/one/object", 1));
    }
  }

  @Test
  void ofManyWritersAtOnceOneWins() throws Exception {
    int writers = 8;
    CyclicBarrier together = new CyclicBarrier(writers);
    List<Future<Boolean>> all = new ArrayList<>();
    try (ObjectStore store = store("many");
        ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      for (int i = 0; i < writers; i++) {
        String text = "writer " + i;
        all.add(
            threads.submit(() -> {
              try (ObjectWriter writer = store.create("sets/one/object")) {
                writer.write(text.getBytes(StandardCharsets.UTF_8));
                together.await();
                writer.commit();
                return true;
              } catch (ObjectExistsException e) {
                return false;
              }
            }));
      }
      List<String> winners = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        if (all.get(i).get()) {
          winners.add("writer " + i);
        }
      }
      assertThat(winners).containsExactly(read(store, "sets/one/object"));
    }
  }

  @Test
  void whatIsNotCommittedLeavesNothing() throws Exception {
    try (ObjectStore store = store("")) {
      try (ObjectWriter writer = store.create("x/y")) {
        writer.write('1');
      }

      assertThat(store.list("x/")).isEmpty();
      assertThatThrownBy(() -> store.read("x/y")).isInstanceOf(MissingObjectException.class);
      write(store, "x/y", "");
      assertThat(store.list("x/")).containsExactly(new ObjectStore.StoredObject("x/y", 0));
      assertThat(read(store, "x/y")).isEmpty();
    }
  }

  @Test
  void whatIsDeletedIsGoneAndCannotBeDeletedTwice() throws Exception {
    try (ObjectStore store = store("d")) {
      write(store, "sets/one/object", "1");
      write(store, "sets/two/object", "2");

      store.delete("sets/one/object");

      assertThat(keys(store, "sets/")).containsExactly("sets/two/object");
      assertThatThrownBy(() -> store.read("sets/one/object"))
          .isInstanceOf(MissingObjectException.class);
      assertThatThrownBy(() -> store.delete("sets/one/object"))
          .isInstanceOf(MissingObjectException.class);
      assertThat(read(store, "sets/two/object")).isEqualTo("2");
      write(store, "sets/one/object", "3");
      assertThat(read(store, "sets/one/object")).isEqualTo("3");
    }
  }

  @Test
  void aListHasWhatIsBelowThePrefixInOrder() throws Exception {
    try (ObjectStore store = store("list");
        ObjectStore beside = store("list-beside");
        ObjectStore below = store("list/sets")) {
      for (String key : List.of("sets/b/2", "sets/a-b/1", "sets/a/1", "sets/B/1", "other/x")) {
        write(store, key, key);
      }
      write(beside, "sets/c/1", "");

      assertThat(keys(store, "sets/"))
          .containsExactly("sets/B/1", "sets/a-b/1", "sets/a/1", "sets/b/2");
      assertThat(keys(store, "set/")).isEmpty();
      assertThat(keys(store, "sets/a/")).containsExactly("sets/a/1");
      assertThat(keys(below, "a/")).containsExactly("a/1");
      assertThat(keys(beside, "sets/")).containsExactly("sets/c/1");
    }
  }

  @Test
  void everyOneOfManyObjectsIsListed() throws Exception {
    List<String> written = new ArrayList<>();
    try (ObjectStore store = store("p")) {
      for (int i = 0; i < many(); i++) {
        String key = "sets/set-%04d/object".formatted(i);
        write(store, key, "");
        written.add(key);
      }

      assertThat(keys(store, "sets/")).isEqualTo(written);
      // Of 1200 the last that the first answer lists.
      store.delete(written.remove(many() * 5 / 6 - 1));
      assertThat(keys(store, "sets/")).isEqualTo(written);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/x", "x/", "a//b", "../x", "a/../x", ".x", "a/.x", "a b", "ä", "a\nb", "a?b", "a%2fb",
        "a*", "a\\b", "a'b", "a+b", "a=b"
      })
  void oddKeysAreRefused(String key) throws Exception {
    try (ObjectStore store = store("odd")) {
      assertThatThrownBy(() -> store.create(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.read(key)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.delete(key)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aPlaceThatIsGoneSaysNothingAboutObjects() throws Exception {
    try (ObjectStore store = gone()) {
      assertThatThrownBy(() -> store.read("x"))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MissingObjectException.class);
      assertThatThrownBy(() -> store.list("x/")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> write(store, "x", ""))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ObjectExistsException.class);
      assertThatThrownBy(() -> store.delete("x"))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MissingObjectException.class);
    }
  }

  @Test
  void theProbeFindsAllOfItAndLeavesNothing() throws Exception {
    try (ObjectStore store = store("probed")) {
      assertThat(CapabilityProbe.run(store))
          .isEqualTo(new CapabilityProbe.Capabilities(true, true));
      assertThat(store.list("probe/")).isEmpty();
    }
  }
}
