package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.Progress;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.backward.Rollback;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** {@code rollback}: takes the SQLite file of before a move again as it stands. */
final class RollbackCommand implements Command {
  static final Set<String> VALUED =
      Set.of(
          "--from", "--to", "--target-schema", "--operation", "--report", "--progress", "--port");
  static final Set<String> FLAGS = Set.of("--dry-run", "--plan", "--hold");

  /** Not closed: writers are kept away from PostgreSQL until the process ends. */
  private static final AtomicReference<Rollback> HELD = new AtomicReference<>();

  @Override
  public int run(Options options) throws Exception {
    boolean json = options.optional("--progress").map(TransferCommand::isJson).orElse(false);
    TransferCommand.checkReportFile(options);
    boolean dryRun = TransferCommand.dryRun(options);
    Progress progress = json ? CommandOutput.jsonLines() : ProgressLine.onStandardError();
    Rollback rollback =
        new Rollback(
            TransferCommand.postgres(options, "--from"),
            options.optional("--target-schema"),
            TransferCommand.sqlite(options, "--to"),
            options.optional("--operation").map(TransferCommand::uuid).orElseGet(UUID::randomUUID),
            dryRun,
            progress);
    HELD.set(rollback);
    boolean hold = options.has("--hold");
    try (HoldServer server = hold ? HoldServer.start(TransferCommand.port(options)) : null) {
      Report report = rollback.run();
      Failpoint.at("before-report");
      TransferCommand.write(options, report);
      if (json) {
        ObjectNode line = new ObjectMapper().createObjectNode().put("event", "report");
        System.out.println(line.set("report", report.json()));
        System.out.flush();
      } else {
        CommandOutput.summary(report);
        report
            .json()
            .path("tables")
            .forEach(table ->
                System.out.printf(
                    "%s: %d rows only in PostgreSQL, %d only in the file%n",
                    table.path("name").asText(),
                    table.path("onlyInPostgresql").asLong(),
                    table.path("onlyInFile").asLong()));
      }
      int code = TransferCommand.exitCode(report.outcome());
      if (server != null && code == ExitCode.DONE && !dryRun) {
        server.holdUntilTerminated(rollback::holds);
        return ExitCode.FAILED;
      }
      return code;
    }
  }
}
