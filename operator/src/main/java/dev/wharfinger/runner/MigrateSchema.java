package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.probe.Login;
import dev.wharfinger.runner.schema.FlywayMigrations;
import dev.wharfinger.runner.schema.MigrationFiles;
import dev.wharfinger.runner.schema.SchemaDatabase;
import dev.wharfinger.runner.schema.SchemaException;
import dev.wharfinger.runner.schema.SchemaResult;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code migrate-schema}: Flyway from a directory of {@code V1__name.sql} files, on a PostgreSQL
 * server or on a SQLite file that is there. Who the role is on a server stands in the URL, or in
 * {@code PGUSER} and {@code PGPASSWORD}, or in {@code WHARFINGER_CREDENTIALS_URL}.
 */
final class MigrateSchema implements Command {
  static final Set<String> VALUED =
      Set.of(
          "--to",
          "--locations",
          "--placeholder",
          "--baseline-version",
          "--content",
          "--copy-to",
          "--result");
  static final Set<String> FLAGS = Set.of("--repair");

  private static final String FILE = "sqlite:///";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, String> environment;

  MigrateSchema(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public int run(Options options) throws IOException {
    Path directory = Path.of(options.required("--locations"));
    if (!Files.isDirectory(directory)) {
      throw new UsageException("--locations is a directory of V1__name.sql files");
    }
    Map<String, String> placeholders = placeholders(options);
    String to = options.required("--to");
    FlywayMigrations migrations = null;
    try {
      SchemaDatabase database = database(to, environment);
      requireContent(options, directory);
      migrations =
          new FlywayMigrations(
              database,
              directory,
              placeholders,
              options.optional("--baseline-version").orElse(null));
      SchemaResult result =
          migrations.run(
              options.has("--repair"), options.optional("--copy-to").map(Path::of).orElse(null));
      System.err.println(result.message() + "; the schema is of version " + result.revision());
      tell(options, result);
      return ExitCode.DONE;
    } catch (SchemaException e) {
      System.err.println("migrate-schema: " + e.getMessage());
      tell(
          options,
          new SchemaResult(
              e.code(),
              String.valueOf(e.getMessage()),
              FlywayMigrations.TOOL,
              e.mayPass() || migrations == null ? null : migrations.revision(),
              0,
              migrations == null ? null : migrations.copy()));
      return e.mayPass() ? ExitCode.FAILED : ExitCode.REFUSED;
    }
  }

  /** The ConfigMap may have changed after the Job was made: other files are another Job's. */
  private static void requireContent(Options options, Path directory) throws IOException {
    Optional<String> content = options.optional("--content");
    if (content.isPresent() && !content.get().equals(MigrationFiles.hash(directory))) {
      throw SchemaException.passing(
          "files-changed", "the files are not those that were asked for; nothing was changed");
    }
  }

  private static Map<String, String> placeholders(Options options) {
    Map<String, String> placeholders = new TreeMap<>();
    for (String text : options.all("--placeholder")) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new UsageException("--placeholder is NAME=VALUE");
      }
      placeholders.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return placeholders;
  }

  /** The database of a URL. */
  static SchemaDatabase database(String to, Map<String, String> environment) {
    return to.startsWith(FILE)
        ? SchemaDatabase.of(Path.of(to.substring(FILE.length())), Usage::scrub)
        : SchemaDatabase.of(server(to, environment), Usage::scrub);
  }

  private static PostgresUrl server(String to, Map<String, String> environment) {
    PostgresUrl url = ServerLogin.parse(to, "--to", environment);
    Login login = ServerLogin.of(url, environment);
    return new PostgresUrl(
        login.user(), login.password(), url.host(), url.port(), url.database(), url.parameters());
  }

  /** Writes the result where it is asked for. */
  static void tell(Options options, SchemaResult result) throws IOException {
    Optional<String> file = options.optional("--result");
    if (file.isPresent()) {
      Files.writeString(Path.of(file.get()), MAPPER.writeValueAsString(result));
    }
  }
}
