package dev.wharfinger.runner.backup.store.s3;

import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A bucket, and where in it our objects are. Whatever goes wrong has a name afterwards. */
final class Bucket implements AutoCloseable {
  /** Metadata of an object: a random word of the writer that made it. */
  static final String WRITER = "wharfinger-writer";

  private static final int NOT_FOUND = 404;
  private final String name;
  private final String base;
  private final S3Settings settings;
  private @Nullable S3Client client;
  private boolean looksFirst;

  /**
   * Nothing is asked yet.
   *
   * @param prefix of all keys; empty or a key
   */
  Bucket(String name, String prefix, S3Settings settings) {
    this.name = name;
    this.base = prefix.isEmpty() ? "" : prefix + "/";
    this.settings = settings;
  }

  String name() {
    return name;
  }

  /** What every key of ours begins with. */
  String base() {
    return base;
  }

  int partBytes() {
    return settings.partBytes();
  }

  /** Whether the store does not refuse a second object by itself. */
  boolean looksFirst() {
    return looksFirst;
  }

  void lookFirst() {
    looksFirst = true;
  }

  /** For people. */
  String describe() {
    return "s3://%s/%s at %s".formatted(name, base, settings.place());
  }

  private synchronized S3Client client() throws IOException {
    if (client == null) {
      client = Clients.of(settings);
    }
    return client;
  }

  /** Asks, and lets what comes instead of an answer through as the library has it. */
  <T> T attempt(Function<S3Client, T> question) throws IOException {
    return question.apply(client());
  }

  /** Asks for one thing. */
  <T> T ask(Deed deed, String key, Function<S3Client, T> question) throws IOException {
    try {
      return attempt(question);
    } catch (RuntimeException e) {
      throw failure(e, deed, key);
    }
  }

  /** What went wrong; an error of ours is thrown as it is. */
  IOException failure(RuntimeException error, Deed deed, String key) {
    return Failures.of(error, deed, key, this);
  }

  /** An object that is there. */
  record Found(long bytes, String writer) {}

  /** Looks for an object; null where there is none. */
  @Nullable Found look(String key) throws IOException {
    try {
      HeadObjectResponse head =
          attempt(client -> client.headObject(get -> get.bucket(name).key(base + key)));
      return new Found(
          head.contentLength() == null ? -1 : head.contentLength(),
          head.metadata().getOrDefault(WRITER, ""));
    } catch (RuntimeException e) {
      if (e instanceof S3Exception answer && answer.statusCode() == NOT_FOUND) {
        return null;
      }
      throw failure(e, Deed.LOOK, key);
    }
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
