package dev.wharfinger.runner.backup.store;

import dev.wharfinger.runner.backup.store.s3.S3Settings;
import dev.wharfinger.runner.backup.store.s3.S3Store;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Targets by their URL. */
public final class Stores {
  private static final String FOLDER = "file://";
  private static final String BUCKET = "s3://";
  private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private Stores() {}

  /**
   * The store that a URL names.
   *
   * @param url {@code file:///absolute/folder} or {@code s3://bucket}
   * @param prefix a key below it; empty for none
   * @param settings how a bucket is reached; asked for buckets only
   * @throws IllegalArgumentException with a message for people
   */
  public static ObjectStore of(String url, String prefix, Supplier<S3Settings> settings) {
    if (!prefix.isEmpty() && !Keys.valid(prefix)) {
      throw new IllegalArgumentException(
          "a prefix is words of letters, digits, dots, hyphens and underscores, joined by /");
    }
    if (url.startsWith(FOLDER + "/") && !url.contains("?") && !url.contains("%")) {
      return new FolderStore(Path.of(url.substring(FOLDER.length())).normalize(), prefix);
    }
    if (isBucket(url)) {
      String name = url.substring(BUCKET.length()).replaceAll("/$", "");
      if (!BUCKET_NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "a bucket is s3://name, of small letters, digits, dots and hyphens; where in it is said"
                + " by --prefix");
      }
      return new S3Store(name, prefix, settings.get());
    }
    throw new IllegalArgumentException("a target is file:///absolute/folder or s3://bucket");
  }

  /** Whether a URL names a bucket. */
  public static boolean isBucket(String url) {
    return url.startsWith(BUCKET);
  }
}
