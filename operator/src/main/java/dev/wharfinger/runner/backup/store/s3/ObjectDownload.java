package dev.wharfinger.runner.backup.store.s3;

import dev.wharfinger.runner.backup.store.TargetException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object that is read. A body that ends before its length is not the end: the rest is asked for
 * again, and only of the very same object.
 */
final class ObjectDownload extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectDownload.class);
  private static final int TRIES = 5;

  private final Bucket bucket;
  private final String key;
  private final long length;
  private final @Nullable String etag;
  private ResponseInputStream<GetObjectResponse> in;
  private long at;
  private int fruitless;

  private ObjectDownload(Bucket bucket, String key, ResponseInputStream<GetObjectResponse> in)
      throws IOException {
    this.bucket = bucket;
    this.key = key;
    this.in = in;
    Long said = in.response().contentLength();
    if (said == null) {
      in.abort();
      throw TargetException.refused(
          "target-not-understood", bucket.describe() + " does not say how long " + key + " is");
    }
    this.length = said;
    this.etag = in.response().eTag();
  }

  static ObjectDownload open(Bucket bucket, String key) throws IOException {
    return new ObjectDownload(
        bucket,
        key,
        bucket.ask(
            Deed.READ,
            key,
            client -> client.getObject(get -> get.bucket(bucket.name()).key(bucket.base() + key))));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    while (at < length) {
      int some = some(into, from, count);
      if (some > 0) {
        at += some;
        fruitless = 0;
        return some;
      }
      again();
    }
    return -1;
  }

  /** As many as come; none where the body has broken off. */
  private int some(byte[] into, int from, int count) {
    try {
      return in.read(into, from, (int) Math.min(count, length - at));
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} broke off at {}", key, at, e);
      return -1;
    }
  }

  private void again() throws IOException {
    in.abort();
    if (++fruitless > TRIES) {
      throw cutOff();
    }
    ResponseInputStream<GetObjectResponse> rest =
        bucket.ask(
            Deed.READ,
            key,
            client ->
                client.getObject(get ->
                    get.bucket(bucket.name())
                        .key(bucket.base() + key)
                        .ifMatch(etag)
                        .range("bytes=" + at + "-")));
    in = rest;
    Long more = rest.response().contentLength();
    if (more == null || more != length - at) {
      // The whole object again, from a store that does not know ranges.
      rest.abort();
      throw cutOff();
    }
  }

  private IOException cutOff() {
    return TargetException.failed(
            "target-cut-off",
            "%s broke off after %d of %d bytes of %s, several times; try again"
                .formatted(bucket.describe(), at, length, key))
        .ofOneObject();
  }

  @Override
  public void close() throws IOException {
    if (at < length) {
      // Closing would read the rest.
      in.abort();
    } else {
      in.close();
    }
  }
}
