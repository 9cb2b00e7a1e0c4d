package dev.wharfinger.runner;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.flywaydb.core.Flyway;

/** {@code migrate-schema}: Flyway from a directory of {@code V1__name.sql} files. */
final class MigrateSchema implements Command {
  static final Set<String> VALUED = Set.of("--to", "--locations");

  @Override
  public int run(Options options) {
    PostgresUrl target = TransferCommand.target(options);
    Path directory = Path.of(options.required("--locations"));
    if (!Files.isDirectory(directory)) {
      throw new UsageException("--locations is a directory of V1__name.sql files");
    }
    var result =
        Flyway.configure()
            .dataSource(target.jdbc(), target.user(), target.password())
            .jdbcProperties(target.properties())
            .locations("filesystem:" + directory.toAbsolutePath())
            .failOnMissingLocations(true)
            .load()
            .migrate();
    System.err.println(result.migrationsExecuted + " migrations applied");
    return result.success ? ExitCode.DONE : ExitCode.FAILED;
  }
}
