package dev.wharfinger.runner;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.large.TakeBack;
import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.util.Set;
import java.util.UUID;

/**
 * {@code transfer-abort}: makes certain that an operation can never commit any more, or finds that
 * it has. The unique index of the markers decides between the two. Waits for a transfer that is
 * just committing, 20 seconds unless {@code --wait} says otherwise.
 */
final class TransferAbort implements Command {
  static final Set<String> VALUED = Set.of("--to", "--operation", "--wait");

  /** The operation had committed: only forward. */
  static final int COMMITTED = 3;

  @Override
  public int run(Options options) throws Exception {
    UUID operation = TransferCommand.uuid(options.required("--operation"));
    int wait = seconds(options);
    if (options.required("--to").startsWith("sqlite:")) {
      return BackwardCommand.abort(TransferCommand.sqlite(options, "--to"), operation, wait);
    }
    try (Connection connection = TransferCommand.target(options).connect()) {
      Sql.run(
          connection,
          "SET lock_timeout = '%ds'; SET statement_timeout = '%ds'".formatted(wait, wait + 5));
      Marker.prepare(connection);
      Failpoint.at("before-abort");
      String outcome = TakeBack.abort(connection, operation);
      Failpoint.at("after-abort");
      if (outcome.isEmpty()) {
        return ExitCode.FAILED;
      }
      System.out.println("{\"event\":\"outcome\",\"outcome\":\"" + outcome + "\"}");
      return outcome.equals(Marker.COMMITTED) ? COMMITTED : ExitCode.DONE;
    }
  }

  private static int seconds(Options options) {
    try {
      return Math.clamp(Integer.parseInt(options.optional("--wait").orElse("20")), 1, 3600);
    } catch (NumberFormatException e) {
      throw new UsageException("--wait is a number of seconds");
    }
  }
}
