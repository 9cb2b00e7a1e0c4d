package dev.wharfinger.runner;

import dev.wharfinger.runner.backup.SetNames;
import dev.wharfinger.runner.backup.postgresql.LibpqEnvironment;
import dev.wharfinger.runner.backup.seal.Identities;
import dev.wharfinger.runner.backup.seal.Recipients;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Arguments that several of the commands around sets take. */
final class BackupArguments {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");

  private BackupArguments() {}

  static String instance(Options options) {
    String instance = options.required("--instance");
    if (!NAME.matcher(instance).matches()) {
      throw new UsageException(
          "--instance is a name of letters, digits, dots, hyphens and slashes");
    }
    return instance;
  }

  /** Who asks for a set, or null. */
  static @Nullable String owner(Options options) {
    String owner = options.optional("--owner").orElse(null);
    if (owner != null && !NAME.matcher(owner).matches()) {
      throw new UsageException("--owner is a word of letters, digits, dots and hyphens");
    }
    return owner;
  }

  /** The name of a set to be made. */
  static String fresh(Options options) {
    return options
        .optional("--id")
        .map(id -> id("--id", id))
        .orElseGet(() -> SetNames.fresh(Instant.now()));
  }

  static String id(String option, String id) {
    if (!SetNames.valid(id)) {
      throw new UsageException(
          option + " is a name of small letters, digits and hyphens, 63 at most");
    }
    return id;
  }

  static Recipients recipients(Options options) {
    try {
      return Recipients.of(options.all("--recipient"));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--recipient: " + e.getMessage());
    }
  }

  static Identities identities(Options options) {
    List<Path> files = options.all("--identity-file").stream().map(Path::of).toList();
    try {
      return Identities.of(files);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--identity-file: " + e.getMessage());
    } catch (IOException e) {
      throw new UsageException("--identity-file cannot be read: " + e.getMessage());
    }
  }

  /** Each {@code NAME=FILE}. */
  static Map<String, Path> keys(Options options) {
    Map<String, Path> keys = new TreeMap<>();
    for (String key : options.all("--key")) {
      int equals = key.indexOf('=');
      if (equals < 1
          || equals == key.length() - 1
          || !NAME.matcher(key.substring(0, equals)).matches()) {
        throw new UsageException("--key is NAME=FILE, the file that holds the key");
      }
      keys.put(key.substring(0, equals), Path.of(key.substring(equals + 1)).toAbsolutePath());
    }
    return keys;
  }

  /** A PostgreSQL database that its own programs can be told of, too. */
  static PostgresUrl server(Options options, String name) {
    PostgresUrl url = TransferCommand.postgres(options, name);
    try {
      LibpqEnvironment.of(url);
      return url;
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  /** Where PostgreSQL's programs are looked for first. */
  static List<Path> programs(Options options) {
    return options.all("--programs").stream().map(Path::of).toList();
  }

  static Optional<Path> directory(Options options, String name) {
    return options.optional(name).map(path -> Path.of(path).toAbsolutePath().normalize());
  }
}
