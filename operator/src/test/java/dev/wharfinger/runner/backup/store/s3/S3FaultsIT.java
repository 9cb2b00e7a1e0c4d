package dev.wharfinger.runner.backup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.runner.backup.store.CapabilityProbe;
import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectExistsException;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import dev.wharfinger.runner.backup.store.TargetException;
import dev.wharfinger.testing.FaultyLine;
import dev.wharfinger.testing.FaultyLine.AnswerLost;
import dev.wharfinger.testing.FaultyLine.Answered;
import dev.wharfinger.testing.FaultyLine.Cut;
import dev.wharfinger.testing.FaultyLine.Fate;
import dev.wharfinger.testing.FaultyLine.Passed;
import dev.wharfinger.testing.FaultyLine.Request;
import dev.wharfinger.testing.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real server behind a line on which things go wrong. */
class S3FaultsIT {
  private static final AtomicInteger BUCKETS = new AtomicInteger();
  private static final String KEY = "sets/one/object";
  private static final int ALWAYS = Integer.MAX_VALUE;
  private static S3Server server;
  private String bucket;
  private Path folder;
  private final List<FaultyLine> lines = new ArrayList<>();
  private ObjectStore direct;

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
    folder = server.bucket(bucket);
    direct = new S3Store(bucket, "", server.settings());
  }

  @AfterEach
  void close() throws Exception {
    direct.close();
    for (FaultyLine line : lines) {
      line.close();
    }
  }

  /** The bucket, behind a line. */
  private ObjectStore behind(Function<Request, Fate> fates) throws Exception {
    FaultyLine line = new FaultyLine(server.port(), fates);
    lines.add(line);
    return new S3Store(bucket, "", S3Server.settings(line.endpoint(), S3Server.ADMIN));
  }

  /** The first few of such requests meet that. */
  private static Function<Request, Fate> first(int count, Predicate<Request> which, Fate fate) {
    AtomicInteger met = new AtomicInteger();
    return request -> which.test(request) && met.getAndIncrement() < count ? fate : new Passed();
  }

  private static Predicate<Request> of(String method) {
    return request -> request.is(method, KEY);
  }

  private static Predicate<Request> ofUpload(String method) {
    return request -> request.is(method, "uploadId=");
  }

  private static Answered refusing(int status, String code) {
    return new Answered(
        status,
        "application/xml",
        "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>said so</Message></Error>"
            .formatted(code));
  }

  private static void write(ObjectStore store, byte[] content) throws IOException {
    try (ObjectWriter writer = store.create(KEY)) {
      writer.write(content, 0, content.length);
      writer.commit();
    }
  }

  private static byte[] read(ObjectStore store) throws IOException {
    try (InputStream in = store.read(KEY)) {
      return in.readAllBytes();
    }
  }

  private static byte[] text(int length) {
    return "0123456789"
        .repeat(length / 10 + 1)
        .substring(0, length)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void assertReason(String reason, ThrowingCallable deed) {
    assertThatThrownBy(deed)
        .isInstanceOfSatisfying(
            TargetException.class, e -> assertThat(e.reason()).as(e.text()).isEqualTo(reason));
  }

  private long seen(Predicate<Request> which) {
    return lines.getLast().seen().stream().filter(which).count();
  }

  @Test
  void aWriteWhoseAnswerIsLostIsOurs() throws Exception {
    try (ObjectStore store = behind(first(1, of("PUT"), new AnswerLost()))) {
      write(store, text(10));

      assertThat(seen(of("PUT"))).isEqualTo(2);
      assertThat(read(direct)).isEqualTo(text(10));
    }
  }

  @Test
  void aWriteWithoutAnyAnswerIsJudgedByWhatIsThere() throws Exception {
    try (ObjectStore store = behind(first(ALWAYS, of("PUT"), new AnswerLost()))) {
      write(store, text(10));

      assertThat(read(direct)).isEqualTo(text(10));
    }
  }

  @Test
  void somebodyElsesObjectIsNotTakenForOurs() throws Exception {
    write(direct, text(10));
    try (ObjectStore store = behind(first(1, of("PUT"), new AnswerLost()))) {
      assertThatThrownBy(() -> write(store, text(10))).isInstanceOf(ObjectExistsException.class);
    }
  }

  @Test
  void theEndOfAnUploadWhoseAnswerIsLostIsOurs() throws Exception {
    byte[] content = text(S3Settings.LEAST_PART + 7);
    try (ObjectStore store = behind(first(1, ofUpload("POST"), new AnswerLost()))) {
      write(store, content);

      assertThat(read(direct)).isEqualTo(content);
    }
  }

  @Test
  void anEndOfAnUploadThatFailsInAGoodAnswerIsAFailure() throws Exception {
    byte[] content = text(S3Settings.LEAST_PART + 7);
    try (ObjectStore store =
        behind(first(ALWAYS, ofUpload("POST"), refusing(200, "InternalError")))) {
      assertThatThrownBy(() -> write(store, content))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ObjectExistsException.class);

      assertThat(direct.list("sets/")).isEmpty();
      assertThat(seen(ofUpload("DELETE"))).isEqualTo(1);
    }
  }

  @Test
  void aPartThatIsCutOffIsSentAgain() throws Exception {
    byte[] content = text(2 * S3Settings.LEAST_PART + 7);
    try (ObjectStore store = behind(first(2, ofUpload("PUT"), new AnswerLost()))) {
      write(store, content);

      assertThat(read(direct)).isEqualTo(content);
    }
  }

  @Test
  void aPartThatWasNeverStoredMakesNoObject() throws Exception {
    byte[] content = text(2 * S3Settings.LEAST_PART + 7);
    try (ObjectStore store =
        behind(first(1, ofUpload("PUT"), new Answered(200, "text/plain", "")))) {
      assertThatThrownBy(() -> write(store, content))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ObjectExistsException.class);

      assertThat(direct.list("sets/")).isEmpty();
    }
  }

  @Test
  void aStoreThatWantsToBeAskedSlowerIsAskedAgain() throws Exception {
    try (ObjectStore store = behind(first(1, of("PUT"), refusing(503, "SlowDown")))) {
      write(store, text(10));

      assertThat(read(direct)).isEqualTo(text(10));
    }
  }

  @Test
  void aStoreThatNeverDoesItIsBusy() throws Exception {
    try (ObjectStore store = behind(request -> refusing(500, "InternalError"))) {
      assertReason("target-busy", () -> write(store, text(10)));
      assertReason("target-busy", () -> read(store));
      assertReason("target-busy", () -> store.list("sets/"));
    }
  }

  @Test
  void aBodyThatBreaksOffIsAskedForAgain() throws Exception {
    byte[] content = text(100_000);
    write(direct, content);
    try (ObjectStore store = behind(first(3, of("GET"), new Cut(1000, false)))) {
      assertThat(read(store)).isEqualTo(content);

      assertThat(lines.getLast().seen().getLast().headers().get("range"))
          .matches("bytes=[1-9]\\d*-");
    }
  }

  @Test
  void aBodyThatAlwaysBreaksOffIsNoObject() throws Exception {
    write(direct, text(100_000));
    try (ObjectStore store = behind(first(ALWAYS, of("GET"), new Cut(0, false)))) {
      assertReason("target-cut-off", () -> read(store));
    }
  }

  @Test
  void theWholeObjectIsNotTakenForItsRest() throws Exception {
    byte[] content = text(1000);
    write(direct, content);
    AtomicInteger asked = new AtomicInteger();
    try (ObjectStore store =
        behind(request ->
            asked.getAndIncrement() == 0
                ? new Cut(10, false)
                : new Answered(200, "text/plain", new String(content, StandardCharsets.UTF_8)))) {
      assertReason("target-cut-off", () -> read(store));
    }
  }

  @Test
  void onlyTheStoresOwnWordMakesAnObjectMissing() throws Exception {
    write(direct, text(10));
    try (ObjectStore store =
        behind(request -> new Answered(404, "text/html", "<html><br>not here</html>"))) {
      assertReason("target-not-understood", () -> read(store));
      assertReason("target-not-understood", () -> store.list("sets/"));
      assertThatThrownBy(() -> store.delete(KEY))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(MissingObjectException.class);
    }
  }

  @Test
  void aPageOfTheWebIsNoEmptyBucket() throws Exception {
    for (String page : new String[] {"<html><body/></html>", "<!doctype html><meta><p>hello"}) {
      try (ObjectStore store = behind(request -> new Answered(200, "text/html", page))) {
        assertReason("target-not-understood", () -> store.list("sets/"));
      }
    }
  }

  /** Takes every object, as a store does that has never heard of the condition. */
  private Fate forget(Request request) {
    if (request.method().equals("PUT")) {
      try {
        String path = request.target().replaceFirst("^/[^/]*/", "").replaceFirst("\\?.*", "");
        Files.deleteIfExists(folder.resolve(path));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Passed();
  }

  @Test
  void aStoreThatDoesNotKnowTheConditionIsAskedBefore() throws Exception {
    try (ObjectStore store = behind(this::forget)) {
      assertProbedAndNothingReplaced(store);
    }
  }

  @Test
  void aStoreThatRefusesTheConditionIsAskedBefore() throws Exception {
    try (ObjectStore store =
        behind(request ->
            request.headers().containsKey("if-none-match")
                ? refusing(501, "NotImplemented")
                : new Passed())) {
      assertProbedAndNothingReplaced(store);
      assertThat(seen(request -> request.headers().containsKey("if-none-match"))).isEqualTo(1);
    }
  }

  private void assertProbedAndNothingReplaced(ObjectStore store) throws Exception {
    assertThat(CapabilityProbe.run(store)).isEqualTo(new CapabilityProbe.Capabilities(true, false));
    write(store, text(10));
    assertThatThrownBy(() -> write(store, text(20))).isInstanceOf(ObjectExistsException.class);
    assertThat(read(direct)).isEqualTo(text(10));
  }
}
