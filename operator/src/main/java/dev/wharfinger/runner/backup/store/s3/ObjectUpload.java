package dev.wharfinger.runner.backup.store.s3;

import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectExistsException;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import dev.wharfinger.runner.backup.store.TargetException;
import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object on its way. Up to one part of it is held in memory; an object of more than that is an
 * upload of several parts, which becomes an object at its end.
 *
 * <p>A request is sent again when its answer is lost, and then finds what the first one made. So
 * each writer marks its object with a random word, by which it knows its own.
 */
final class ObjectUpload extends ObjectWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectUpload.class);
  private static final int MOST_PARTS = 10_000;
  private static final String NONE_THERE = "*";

  private final Bucket bucket;
  private final String key;
  private final String writer = UUID.randomUUID().toString();
  private final List<CompletedPart> parts = new ArrayList<>();
  private final Part part;
  private long bytes;
  private @Nullable String upload;
  private boolean done;

  ObjectUpload(Bucket bucket, String key) {
    this.bucket = bucket;
    this.key = key;
    this.part = new Part(bucket.partBytes());
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    int taken = 0;
    while (taken < length) {
      // Not before there is more: what fits into one part is one request.
      if (part.full()) {
        sendPart();
      }
      taken += part.add(from, offset + taken, length - taken);
    }
    bytes += length;
  }

  private void sendPart() throws IOException {
    String to = begun();
    int number = parts.size() + 1;
    if (number > MOST_PARTS) {
      throw TargetException.refused(
              "object-too-large",
              "%s has more than %d parts of %d MiB, which no store takes; say a larger --part-size"
                  .formatted(key, MOST_PARTS, bucket.partBytes() >> 20))
          .ofOneObject();
    }
    String hash = part.md5();
    String etag =
        bucket
            .ask(
                Deed.WRITE,
                key,
                client ->
                    client.uploadPart(
                        request ->
                            request
                                .bucket(bucket.name())
                                .key(bucket.base() + key)
                                .uploadId(to)
                                .partNumber(number)
                                .contentLength((long) part.length())
                                .contentMD5(hash),
                        part.body()))
            .eTag();
    parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    part.clear();
  }

  private String begun() throws IOException {
    String to = upload;
    if (to == null) {
      to =
          bucket
              .ask(
                  Deed.WRITE,
                  key,
                  client ->
                      client.createMultipartUpload(request ->
                          request
                              .bucket(bucket.name())
                              .key(bucket.base() + key)
                              .contentType(Part.TYPE)
                              .metadata(Map.of(Bucket.WRITER, writer))))
              .uploadId();
      upload = to;
    }
    return to;
  }

  @Override
  public void commit() throws IOException {
    if (upload != null && part.length() > 0) {
      sendPart();
    }
    Failpoint.at("object-written");
    // What has many parts is looked for in any case: fewer stores know the condition at its end.
    if ((upload != null || bucket.looksFirst()) && bucket.look(key) != null) {
      throw new ObjectExistsException(key);
    }
    try {
      finish(!bucket.looksFirst());
    } catch (RuntimeException e) {
      if (!bucket.looksFirst() && Failures.unknownCondition(e)) {
        withoutCondition();
      } else {
        settle(e);
      }
    }
    done = true;
  }

  private void withoutCondition() throws IOException {
    if (upload == null) {
      bucket.lookFirst();
      if (bucket.look(key) != null) {
        throw new ObjectExistsException(key);
      }
    }
    try {
      finish(false);
    } catch (RuntimeException e) {
      settle(e);
    }
  }

  private void finish(boolean ifNoneIsThere) throws IOException {
    if (upload == null) {
      String hash = part.md5();
      bucket.attempt(client ->
          client.putObject(
              request ->
                  request
                      .bucket(bucket.name())
                      .key(bucket.base() + key)
                      .contentLength((long) part.length())
                      .contentMD5(hash)
                      .contentType(Part.TYPE)
                      .metadata(Map.of(Bucket.WRITER, writer))
                      .ifNoneMatch(ifNoneIsThere ? NONE_THERE : null),
              part.body()));
    } else {
      bucket.attempt(client ->
          client.completeMultipartUpload(request ->
              request
                  .bucket(bucket.name())
                  .key(bucket.base() + key)
                  .uploadId(upload)
                  .multipartUpload(all -> all.parts(parts))
                  .ifNoneMatch(ifNoneIsThere ? NONE_THERE : null)));
    }
  }

  /** No good answer: the object itself tells whether it is there, and whose it is. */
  private void settle(RuntimeException error) throws IOException {
    IOException failure = bucket.failure(error, Deed.WRITE, key);
    Bucket.Found found;
    try {
      found = bucket.look(key);
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
    if (found == null) {
      throw failure;
    }
    if (!found.writer().equals(writer) || found.bytes() != bytes) {
      throw new ObjectExistsException(key);
    }
    LOG.debug("{} was stored although the answer was no", key, error);
  }

  @Override
  public void close() throws IOException {
    part.forget();
    if (upload == null || done) {
      return;
    }
    done = true;
    try {
      bucket.ask(
          Deed.ABORT,
          key,
          client ->
              client.abortMultipartUpload(request ->
                  request.bucket(bucket.name()).key(bucket.base() + key).uploadId(upload)));
    } catch (MissingObjectException e) {
      LOG.debug("the upload of {} is gone already", key, e);
    } catch (IOException e) {
      // No object; the next backups end it when it is a week old.
      LOG.warn("a part of {} is left behind: {}", key, e.getMessage());
    }
  }
}
