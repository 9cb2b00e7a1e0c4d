package dev.wharfinger.runner;

import dev.wharfinger.runner.backup.store.ObjectStore;
import dev.wharfinger.runner.backup.store.Stores;
import dev.wharfinger.runner.backup.store.s3.S3Keys;
import dev.wharfinger.runner.backup.store.s3.S3Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where sets are kept, and how it is reached. */
final class TargetArguments {
  private static final List<String> OF_BUCKETS =
      List.of(
          "--endpoint",
          "--region",
          "--ca-file",
          "--path-style",
          "--credentials-dir",
          "--part-size");
  private static final Pattern REGION = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
  private static final int MIB = 1 << 20;

  private TargetArguments() {}

  /** Options of a command that has a target, with those of the target. */
  static Set<String> with(String... own) {
    Set<String> all = new TreeSet<>(OF_BUCKETS);
    all.add("--prefix");
    all.addAll(Arrays.asList(own));
    return all;
  }

  /** The store of an option; nothing is asked of it yet. */
  static ObjectStore store(Options options, String name) {
    String url = options.required(name);
    if (!Stores.isBucket(url)) {
      for (String option : OF_BUCKETS) {
        if (options.optional(option).isPresent()) {
          throw new UsageException(option + " is for a bucket, and " + name + " names none");
        }
      }
    }
    try {
      return Stores.of(
          url, options.optional("--prefix").orElse(""), () -> settings(options, System.getenv()));
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  /** How a bucket is reached, by options and else by the variables that other programs read. */
  static S3Settings settings(Options options, Map<String, String> environment) {
    URI endpoint =
        first(
                options.optional("--endpoint"),
                environment,
                "AWS_ENDPOINT_URL_S3",
                "AWS_ENDPOINT_URL")
            .map(TargetArguments::endpoint)
            .orElse(null);
    return new S3Settings(
        endpoint,
        region(options, environment),
        pathStyle(options, endpoint),
        BackupArguments.directory(options, "--ca-file").orElse(null),
        BackupArguments.directory(options, "--credentials-dir")
            .map(S3Keys::in)
            .orElseGet(() -> S3Keys.in(environment)),
        options.optional("--part-size").map(TargetArguments::part).orElse(S3Settings.PART));
  }

  private static Optional<String> first(
      Optional<String> option, Map<String, String> environment, String... variables) {
    return option.or(() ->
        Stream.of(variables)
            .map(environment::get)
            .filter(Objects::nonNull)
            .filter(value -> !value.isBlank())
            .findFirst());
  }

  /** Says what is wrong without repeating it: it may have a password. */
  private static URI endpoint(String text) {
    UsageException wrong =
        new UsageException(
            "--endpoint is http:// or https://, a host and perhaps a port, and nothing more");
    try {
      URI uri = new URI(text);
      String path = uri.getPath();
      boolean bare = path == null || path.isEmpty() || path.equals("/");
      if (!("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          || uri.getHost() == null
          || uri.getUserInfo() != null
          || uri.getQuery() != null
          || uri.getFragment() != null
          || !bare) {
        throw wrong;
      }
      return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), null, null, null);
    } catch (URISyntaxException e) {
      throw wrong;
    }
  }

  private static String region(Options options, Map<String, String> environment) {
    String region =
        first(options.optional("--region"), environment, "AWS_REGION", "AWS_DEFAULT_REGION")
            .orElse("us-east-1");
    if (!REGION.matcher(region).matches()) {
      throw new UsageException("--region is a name of letters, digits and hyphens");
    }
    return region;
  }

  private static boolean pathStyle(Options options, @Nullable URI endpoint) {
    return switch (options.optional("--path-style").orElse("auto")) {
      case "auto" -> endpoint != null;
      case "true" -> true;
      case "false" -> false;
      default -> throw new UsageException("--path-style is auto, true or false");
    };
  }

  private static int part(String text) {
    int mib = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (mib < S3Settings.LEAST_PART / MIB || mib > S3Settings.MOST_PART / MIB) {
      throw new UsageException(
          "--part-size is %d to %d, in MiB"
              .formatted(S3Settings.LEAST_PART / MIB, S3Settings.MOST_PART / MIB));
    }
    return mib * MIB;
  }

  /** The folder of a target that is one. */
  static Optional<Path> folder(String url) {
    return url.startsWith("file://")
        ? Optional.of(Path.of(url.substring("file://".length())))
        : Optional.empty();
  }
}
