package dev.wharfinger.runner.backup.store.s3;

import dev.wharfinger.runner.backup.store.Keys;
import dev.wharfinger.runner.backup.store.MissingObjectException;
import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import dev.wharfinger.runner.backup.store.TargetException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * A bucket of a store that speaks S3. That an object is never replaced is a condition of the
 * request that makes it, which the store judges; one that does not know the condition is asked
 * before each commit instead, and two writers at the same instant may then both succeed.
 */
public final class S3Store implements ObjectStore {
  private final Bucket bucket;

  /**
   * Objects below a prefix; nothing is asked of the store yet.
   *
   * @param name of the bucket, which must exist
   * @param prefix a key below it; empty for none
   */
  public S3Store(String name, String prefix, S3Settings settings) {
    this.bucket = new Bucket(name, prefix.isEmpty() ? "" : Keys.checked(prefix), settings);
  }

  @Override
  public ObjectWriter create(String key) {
    return new ObjectUpload(bucket, Keys.checked(key));
  }

  @Override
  public InputStream read(String key) throws IOException {
    return ObjectDownload.open(bucket, Keys.checked(key));
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    Keys.checked(prefix.replaceAll("/$", ""));
    List<StoredObject> found = new ArrayList<>();
    String next = null;
    do {
      String from = next;
      ListObjectsV2Response page = page(prefix, from);
      page.contents()
          .forEach(object -> {
            String key = object.key().substring(bucket.base().length());
            if (Keys.valid(key)) {
              found.add(new StoredObject(key, object.size()));
            }
          });
      next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
      if (Boolean.TRUE.equals(page.isTruncated()) && (next == null || next.equals(from))) {
        throw TargetException.refused(
            "target-hides", describe() + " says that it has more objects and does not list them");
      }
    } while (next != null);
    found.sort(Comparator.comparing(StoredObject::key));
    return found;
  }

  private ListObjectsV2Response page(String prefix, @Nullable String from) throws IOException {
    ListObjectsV2Response page =
        bucket.ask(
            Deed.LIST,
            prefix,
            client ->
                client.listObjectsV2(list ->
                    list.bucket(bucket.name())
                        .prefix(bucket.base() + prefix)
                        .continuationToken(from)));
    if (page.name() == null) {
      // Any page of the web would pass for a list of nothing.
      throw TargetException.refused(
          "target-not-understood",
          describe() + " gives no list of a bucket; --endpoint has to be the S3 API");
    }
    return page;
  }

  @Override
  public void delete(String key) throws IOException {
    // To delete what is not there is no error to a store.
    if (bucket.look(Keys.checked(key)) == null) {
      // Of a look the answer has no words: this tells a missing object from a missing bucket.
      page(key, null);
      throw new MissingObjectException(key);
    }
    bucket.ask(
        Deed.DELETE,
        key,
        client -> client.deleteObject(one -> one.bucket(bucket.name()).key(bucket.base() + key)));
  }

  @Override
  public boolean exclusive() {
    return !bucket.looksFirst();
  }

  @Override
  public boolean lookFirst() {
    bucket.lookFirst();
    return true;
  }

  @Override
  public List<String> endUnfinished(String prefix, Instant before) throws IOException {
    return new Uploads(bucket).end(prefix, before);
  }

  @Override
  public String describe() {
    return bucket.describe();
  }

  @Override
  public void close() {
    bucket.close();
  }
}
