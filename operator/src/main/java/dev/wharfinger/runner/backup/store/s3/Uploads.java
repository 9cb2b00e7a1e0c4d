package dev.wharfinger.runner.backup.store.s3;

import dev.wharfinger.runner.backup.store.Keys;
import dev.wharfinger.runner.backup.store.MissingObjectException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Uploads that nobody ended. They are no objects, no list shows them, and they cost money. */
final class Uploads {
  private final Bucket bucket;

  Uploads(Bucket bucket) {
    this.bucket = bucket;
  }

  /**
   * Ends those of one prefix.
   *
   * @param prefix that keys of ours begin with
   * @param before only those begun before that
   * @return keys of what they were to become
   */
  List<String> end(String prefix, Instant before) throws IOException {
    List<String> ended = new ArrayList<>();
    for (MultipartUpload one : all(prefix)) {
      String key = one.key().substring(bucket.base().length());
      if (one.initiated() == null || !one.initiated().isBefore(before) || !Keys.valid(key)) {
        continue;
      }
      try {
        bucket.ask(
            Deed.ABORT,
            key,
            client ->
                client.abortMultipartUpload(request ->
                    request.bucket(bucket.name()).key(one.key()).uploadId(one.uploadId())));
        ended.add(key);
      } catch (MissingObjectException e) {
        // Another one of us was quicker.
        continue;
      }
    }
    return ended;
  }

  private List<MultipartUpload> all(String prefix) throws IOException {
    List<MultipartUpload> all = new ArrayList<>();
    Place next = new Place(null, null);
    while (true) {
      Place from = next;
      ListMultipartUploadsResponse page =
          bucket.ask(
              Deed.LIST_UPLOADS,
              prefix,
              client ->
                  client.listMultipartUploads(list ->
                      list.bucket(bucket.name())
                          .prefix(bucket.base() + prefix)
                          .keyMarker(from.key)
                          .uploadIdMarker(from.upload)));
      for (MultipartUpload one : page.uploads()) {
        // A store that does not know the prefix must not make us end somebody else's.
        if (one.key().startsWith(bucket.base() + prefix)) {
          all.add(one);
        }
      }
      next = new Place(page.nextKeyMarker(), page.nextUploadIdMarker());
      if (!Boolean.TRUE.equals(page.isTruncated()) || next.equals(from)) {
        return all;
      }
    }
  }

  private record Place(@Nullable String key, @Nullable String upload) {}
}
