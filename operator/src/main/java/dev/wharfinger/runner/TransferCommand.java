package dev.wharfinger.runner;

import dev.wharfinger.runner.transfer.PostgresqlTarget;
import dev.wharfinger.runner.transfer.Progress;
import dev.wharfinger.runner.transfer.Transfer;
import dev.wharfinger.runner.transfer.TransferRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** {@code transfer}: moves a SQLite database to PostgreSQL. */
final class TransferCommand implements Command {

  @Override
  public int run(Options options) throws IOException, InterruptedException {
    TransferRequest request = request(options);
    Progress progress =
        options.optional("--progress").filter("json"::equals).isPresent()
            ? Progress.json(System.out)
            : Progress.text(System.err);
    Hold hold = options.has("--hold") ? Hold.start(8080) : null;
    Transfer transfer = new Transfer(request, progress);
    Transfer.Result result = transfer.run();
    System.err.println(transfer.summary());
    if (result == Transfer.Result.MOVED && hold != null) {
      hold.committed();
    }
    return switch (result) {
      case MOVED, PLANNED -> ExitCode.DONE;
      case REFUSED -> ExitCode.REFUSED;
      case FAILED -> ExitCode.FAILED;
    };
  }

  private static TransferRequest request(Options options) {
    Path source = sqlite(options.required("--from"));
    PostgresqlTarget target = target(options);
    String operation =
        options
            .optional("--operation")
            .orElseGet(() ->
                UUID.nameUUIDFromBytes(
                        (source + " " + target.describe()).getBytes(StandardCharsets.UTF_8))
                    .toString());
    return new TransferRequest(
        source,
        target,
        operation,
        options.has("--dry-run"),
        options.optional("--schema").filter("derive"::equals).isPresent(),
        options.has("--replace-target-rows"),
        options.optional("--snapshot-dir").map(Path::of).orElse(null),
        options.optional("--report").map(Path::of).orElse(null));
  }

  static PostgresqlTarget target(Options options) {
    try {
      return PostgresqlTarget.parse(options.required("--to"), System.getenv("PGPASSWORD"));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--to: " + e.getMessage());
    }
  }

  private static Path sqlite(String url) {
    if (!url.startsWith("sqlite:////")) {
      throw new UsageException("--from must be sqlite:////absolute/path with four slashes");
    }
    return Path.of(url.substring("sqlite:///".length()));
  }
}
