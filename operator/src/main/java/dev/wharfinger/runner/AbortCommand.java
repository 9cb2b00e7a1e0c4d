package dev.wharfinger.runner;

import dev.wharfinger.runner.transfer.PostgresqlTarget;
import dev.wharfinger.runner.transfer.TransferAbort;
import java.sql.SQLException;

/** {@code transfer-abort}: makes certain that a move never commits, or says that it has. */
final class AbortCommand implements Command {
  /** The move had been committed: only forward is left. */
  static final int COMMITTED = 3;

  @Override
  public int run(Options options) throws SQLException {
    PostgresqlTarget target = TransferCommand.target(options);
    String outcome = TransferAbort.run(target, options.required("--operation"));
    System.out.println("{\"event\":\"outcome\",\"outcome\":\"" + outcome + "\"}");
    return outcome.equals("committed") ? COMMITTED : ExitCode.DONE;
  }
}
