package dev.wharfinger.runner.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.seal.Recipients;
import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectExistsException;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one set. The manifest comes last, after everything was read back from the store; without
 * it there is no set. What was written before a failure is removed again, by this process while it
 * lives and by {@link Sweep} after its death.
 */
public final class SetWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SetWriter.class);
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final ObjectStore store;
  private final Lineage lineage;
  private final String id;
  private final Recipients recipients;
  private final byte[] mark;
  private final List<String> written = new ArrayList<>();
  private final List<SetObject> objects = new ArrayList<>();
  private boolean decided;

  private SetWriter(Target target, Lineage lineage, String id, Recipients recipients)
      throws IOException {
    this.store = target.store();
    this.lineage = lineage;
    this.id = id;
    this.recipients = recipients;
    ObjectNode words =
        MAPPER
            .createObjectNode()
            .put("instance", lineage.instance())
            .put("startedAt", Instant.now().toString())
            .put("writer", UUID.randomUUID().toString());
    if (target.owner() != null) {
      words.put("owner", target.owner());
    }
    this.mark = MAPPER.writeValueAsBytes(words);
  }

  /**
   * Begins a set of which nothing is there.
   *
   * @throws BackupException {@code id-in-use}
   */
  public static SetWriter begin(Target target, Lineage lineage, String id, Recipients recipients)
      throws IOException, BackupException {
    SetWriter writer = new SetWriter(target, lineage, id, recipients);
    // First of all: our mark on somebody's half of a set would let it be swept one day.
    if (!target.store().list(SetNames.prefix(id)).isEmpty()) {
      throw inUse(id);
    }
    try {
      writer.store(SetNames.UNFINISHED, writer.mark);
    } catch (ObjectExistsException e) {
      throw inUse(id);
    }
    return writer;
  }

  private static BackupException inUse(String id) {
    return BackupException.refused(
        "id-in-use", "there is a set " + id + " already, or a part of one; take another --id");
  }

  /** What is done with an object that is open. */
  public interface Content {
    void write(OutputStream out) throws Exception;
  }

  /**
   * Adds an object, compressed, and encrypted where there are recipients.
   *
   * @param name its name, to which {@code .age} may be added
   */
  public SetObject add(String name, Content content) throws Exception {
    String full = name + recipients.ending();
    try (ObjectOutput out = ObjectOutput.packed(full, create(full), recipients)) {
      content.write(out);
      return added(out);
    }
  }

  /** Begins an object that is written bit by bit; {@link #finish} adds it. */
  public ObjectOutput open(String name) throws IOException {
    String full = name + recipients.ending();
    return ObjectOutput.packed(full, create(full), recipients);
  }

  /**
   * Adds an object that is compressed already; encrypted where there are recipients.
   *
   * @param name its name, to which {@code .age} may be added
   */
  public SetObject addCompressed(String name, Content content) throws Exception {
    String full = name + recipients.ending();
    try (ObjectOutput out = ObjectOutput.sealed(full, create(full), recipients)) {
      content.write(out);
      return added(out);
    }
  }

  /** Adds what {@link #open} gave. */
  public SetObject finish(ObjectOutput out) throws IOException {
    return added(out);
  }

  /** Adds a text for people, neither compressed nor encrypted. */
  public void text(String name, String text) throws IOException {
    try (ObjectOutput out = ObjectOutput.plain(name, create(name))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      added(out);
    }
  }

  private SetObject added(ObjectOutput out) throws IOException {
    SetObject object;
    try {
      object = out.finish();
    } catch (ObjectExistsException e) {
      written.remove(out.name());
      throw e;
    }
    objects.add(object);
    Failpoint.at("object-stored", objects.size());
    return object;
  }

  /** Noted before it is there: a commit that failed may have been one. */
  private ObjectWriter create(String name) throws IOException {
    ObjectWriter writer = store.create(SetNames.key(id, name));
    written.add(name);
    return writer;
  }

  private void store(String name, byte[] content) throws IOException {
    try (ObjectWriter writer = create(name)) {
      writer.write(content);
      writer.commit();
    } catch (ObjectExistsException e) {
      written.remove(name);
      throw e;
    }
  }

  /** Bytes of all objects so far. */
  public long bytes() {
    return objects.stream().mapToLong(SetObject::bytes).sum();
  }

  /**
   * Reads everything back and then makes the set one.
   *
   * @param manifest what is said of it; gets the list of objects
   * @throws BackupException {@code target-alters} where other bytes come back than were written
   */
  public void complete(ObjectNode manifest) throws IOException, BackupException {
    ArrayNode list = manifest.putArray("objects");
    for (SetObject object : objects) {
      list.addObject()
          .put("name", object.name())
          .put("bytes", object.bytes())
          .put("sha256", object.sha256());
    }
    for (SetObject object : objects) {
      String found = StoredSet.hash(store, SetNames.key(id, object.name()));
      if (!found.equals(object.sha256())) {
        throw altered(object.name());
      }
    }
    requireMark();
    byte[] text = MAPPER.writeValueAsBytes(manifest);
    byte[] sums = StoredSet.sums(objects, text).getBytes(StandardCharsets.UTF_8);
    store(SetNames.SUMS, sums);
    same(SetNames.SUMS, sums);
    lineage.confirm(store);
    Failpoint.at("before-manifest");
    requireMark();
    // From here on it may be a set, so nothing of it is removed any more.
    decided = true;
    try (ObjectWriter writer = create(SetNames.MANIFEST)) {
      writer.write(text);
      writer.commit();
    }
    Failpoint.at("after-manifest");
    same(SetNames.MANIFEST, text);
    Sweep.unmark(store, id);
  }

  private void requireMark() throws IOException, BackupException {
    if (!marked()) {
      throw BackupException.failed("id-in-use", "another try of set " + id + " has taken over");
    }
  }

  /**
   * Whether the mark is still ours. One that was believed dead may wake while the next try writes
   * under the same names: nothing that is there is its own then.
   */
  private boolean marked() throws IOException {
    try (InputStream in = store.read(SetNames.key(id, SetNames.UNFINISHED))) {
      return Arrays.equals(in.readNBytes(mark.length + 1), mark);
    } catch (MissingObjectException e) {
      return false;
    }
  }

  private void same(String name, byte[] content) throws IOException, BackupException {
    try (InputStream in = store.read(SetNames.key(id, name))) {
      if (!Arrays.equals(in.readNBytes(content.length + 1), content)) {
        throw altered(name);
      }
    }
  }

  private BackupException altered(String name) {
    return BackupException.failed(
        "target-alters",
        "%s gave other bytes of %s back than it was given".formatted(store.describe(), name));
  }

  private boolean surelyMarked() {
    try {
      return marked();
    } catch (IOException e) {
      LOG.warn("what was written of the unfinished set {} is left behind", id, e);
      return false;
    }
  }

  /** Removes what was written, unless it became a set or another try's. */
  @Override
  public void close() {
    if (decided || !surelyMarked()) {
      return;
    }
    for (String name : written.reversed()) {
      try {
        store.delete(SetNames.key(id, name));
      } catch (MissingObjectException e) {
        LOG.debug("gone already", e);
      } catch (IOException e) {
        // The mark stays beside what is left, so the sweep will find it.
        LOG.warn("{} of the unfinished set {} is left behind", name, id, e);
        return;
      }
    }
  }
}
