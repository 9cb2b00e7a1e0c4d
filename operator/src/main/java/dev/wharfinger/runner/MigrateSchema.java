package dev.wharfinger.runner;

import dev.wharfinger.runner.transfer.PostgresqlTarget;
import org.flywaydb.core.Flyway;

/** {@code migrate-schema}: Flyway's SQL migrations from a directory. */
final class MigrateSchema implements Command {

  @Override
  public int run(Options options) {
    PostgresqlTarget target = TransferCommand.target(options);
    Flyway.configure()
        .dataSource(target.jdbcUrl(), target.user(), target.password())
        .locations("filesystem:" + options.required("--locations"))
        .load()
        .migrate();
    return ExitCode.DONE;
  }
}
