package dev.wharfinger.runner.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectExistsException;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.ObjectStoreContract;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import dev.wharfinger.testing.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a bucket of a real server does as a store. */
class S3StoreIT extends ObjectStoreContract {
  private static final AtomicInteger BUCKETS = new AtomicInteger();
  private static S3Server server;
  private String bucket;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void makeBucket() throws Exception {
    bucket = "bucket-" + BUCKETS.incrementAndGet();
    server.bucket(bucket);
  }

  @Override
  protected ObjectStore store(String prefix) {
    return new S3Store(bucket, prefix, server.settings());
  }

  @Override
  protected ObjectStore gone() {
    return new S3Store("no-such-bucket", "", server.settings());
  }

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  private static ObjectWriter begun(ObjectStore store, String key, byte[] content)
      throws IOException {
    ObjectWriter writer = store.create(key);
    for (int at = 0; at < content.length; at += 100_000) {
      writer.write(content, at, Math.min(100_000, content.length - at));
    }
    return writer;
  }

  @Test
  void severalPartsAreOneObjectOrNone() throws Exception {
    byte[] content = random(2 * S3Settings.LEAST_PART + 3);
    try (ObjectStore store = store("p")) {
      ObjectWriter first = begun(store, "sets/one/object", content);
      ObjectWriter second = begun(store, "sets/one/object", new byte[content.length]);
      assertThat(store.list("sets/")).isEmpty();

      first.commit();

      assertThatThrownBy(second::commit).isInstanceOf(ObjectExistsException.class);
      first.close();
      second.close();
      try (InputStream in = store.read("sets/one/object")) {
        assertThat(in.readAllBytes()).isEqualTo(content);
      }
      assertThat(store.list("sets/"))
          .containsExactly(new ObjectStore.StoredObject("sets/one/object", content.length));
      assertThat(uploads()).isEmpty();
    }
  }

  @Test
  void partsThatAreExactlyFullAreAnObjectToo() throws Exception {
    try (ObjectStore store = store("p")) {
      for (int parts = 1; parts <= 2; parts++) {
        byte[] content = random(parts * S3Settings.LEAST_PART);
        try (ObjectWriter writer = begun(store, "sets/one/" + parts, content)) {
          writer.commit();
        }
        try (InputStream in = store.read("sets/one/" + parts)) {
          assertThat(in.readAllBytes()).isEqualTo(content);
        }
      }
    }
  }

  @Test
  void partsThatBecomeNoObjectAreTakenBack() throws Exception {
    try (ObjectStore store = store("p")) {
      ObjectWriter writer = begun(store, "sets/one/object", new byte[S3Settings.LEAST_PART + 1]);
      assertThat(uploads()).containsExactly("p/sets/one/object");

      writer.close();

      assertThat(uploads()).isEmpty();
      assertThatThrownBy(() -> store.read("sets/one/object"))
          .isInstanceOf(MissingObjectException.class);
    }
  }

  @Test
  void onlyOldUploadsOfOursAreEnded() throws Exception {
    byte[] content = new byte[S3Settings.LEAST_PART + 1];
    Instant soon = Instant.now().plus(Duration.ofHours(1));
    try (ObjectStore store = store("p");
        ObjectStore other = store("p-other");
        ObjectWriter ours = begun(store, "sets/one/object", content);
        ObjectWriter beside = begun(store, "elsewhere/object", content);
        ObjectWriter others = begun(other, "sets/one/object", content)) {
      assertThat(store.endUnfinished("sets/", Instant.now().minus(Duration.ofHours(1)))).isEmpty();

      assertThat(store.endUnfinished("sets/", soon)).containsExactly("sets/one/object");

      assertThat(uploads())
          .containsExactlyInAnyOrder("p/elsewhere/object", "p-other/sets/one/object");
      assertThatThrownBy(ours::commit).isInstanceOf(IOException.class);
      beside.commit();
      others.commit();
    }
  }

  /** Keys of all uploads that nobody has ended. */
  private List<String> uploads() throws Exception {
    try (S3Client client = Clients.of(server.settings())) {
      return client.listMultipartUploads(list -> list.bucket(bucket)).uploads().stream()
          .map(upload -> upload.key())
          .toList();
    }
  }

  @Test
  void whatOthersPutThereIsNoObjectOfOurs() throws Exception {
    try (ObjectStore store = store("p")) {
      write(store, "sets/one/object", "1");
      Files.writeString(server.data().resolve(bucket).resolve("p/sets/one/with space"), "2");
      Files.writeString(server.data().resolve(bucket).resolve("p/sets/.hidden"), "3");

      assertThat(store.list("sets/"))
          .extracting(ObjectStore.StoredObject::key)
          .containsExactly("sets/one/object");
    }
  }

  @Test
  void theHabitsOfAmazonAreKnownToTheServerToo() throws Exception {
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    try (S3Client client = Clients.of(server.settings(), true)) {
      client.putObject(
          put -> put.bucket(bucket).key("k").ifNoneMatch("*"), RequestBody.fromBytes(content));

      assertThatThrownBy(() ->
              client.putObject(
                  put -> put.bucket(bucket).key("k").ifNoneMatch("*"),
                  RequestBody.fromBytes(content)))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
      assertThat(client.getObjectAsBytes(get -> get.bucket(bucket).key("k")).asByteArray())
          .isEqualTo(content);
    }
  }
}
