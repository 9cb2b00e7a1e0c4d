package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.Policies;
import dev.wharfinger.runner.transfer.Progress;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.Transfer;
import dev.wharfinger.runner.transfer.TransferOptions;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** {@code transfer}: moves a database to the other engine, exactly or not at all. */
final class TransferCommand implements Command {
  static final Set<String> VALUED =
      Set.of(
          "--from",
          "--to",
          "--report",
          "--schema",
          "--operation",
          "--snapshot-dir",
          "--policy",
          "--target-schema",
          "--large",
          "--workers",
          "--chunk-size",
          "--progress",
          "--port",
          "--like",
          "--compare",
          "--profile",
          "--format");
  static final Set<String> FLAGS =
      Set.of(
          "--dry-run",
          "--plan",
          "--hold",
          "--replace-target-rows",
          "--replace-former-transfer",
          "--allow-other-sessions");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public int run(Options options) throws Exception {
    boolean json = options.optional("--progress").map(TransferCommand::isJson).orElse(false);
    checkReportFile(options);
    boolean hold = options.has("--hold");
    Progress progress = json ? CommandOutput.jsonLines() : ProgressLine.onStandardError();
    Supplier<Report> move =
        BackwardCommand.asked(options)
            ? BackwardCommand.move(options, progress)
            : forward(options, progress);
    try (HoldServer server = hold ? HoldServer.start(port(options)) : null) {
      Report report = move.get();
      Failpoint.at("before-report");
      write(options, report);
      if (json) {
        ObjectNode line = MAPPER.createObjectNode().put("event", "report");
        System.out.println(line.set("report", report.json()));
        System.out.flush();
      } else {
        CommandOutput.summary(report);
      }
      int code = exitCode(report.outcome());
      if (server != null && code == ExitCode.DONE && !dryRun(options)) {
        server.holdUntilTerminated(BackwardCommand::holds);
        return ExitCode.FAILED;
      }
      return code;
    }
  }

  static boolean isJson(String format) {
    if (!format.equals("json")) {
      throw new UsageException("--progress is json");
    }
    return true;
  }

  static int exitCode(String outcome) {
    return switch (outcome) {
      case "moved", "already-moved", "planned" -> ExitCode.DONE;
      case "refused" -> ExitCode.REFUSED;
      default -> ExitCode.FAILED;
    };
  }

  static int port(Options options) {
    try {
      return Integer.parseInt(options.optional("--port").orElse("8080"));
    } catch (NumberFormatException e) {
      throw new UsageException("--port is a number");
    }
  }

  private static Supplier<Report> forward(Options options, Progress progress) {
    TransferOptions transfer =
        new TransferOptions(
            sqlite(options, "--from"),
            target(options),
            options.optional("--target-schema"),
            options.optional("--operation").map(TransferCommand::uuid),
            dryRun(options),
            derive(options),
            options.has("--replace-target-rows"),
            options.has("--replace-former-transfer"),
            policies(options),
            options.optional("--snapshot-dir").map(Path::of),
            LargeArguments.of(options));
    BackwardCommand.refuseOptions(options);
    return () -> new Transfer(transfer, progress).run();
  }

  /** By either of its names. */
  static boolean dryRun(Options options) {
    return options.has("--dry-run") || options.has("--plan");
  }

  static Path sqlite(Options options, String name) {
    String url = options.required(name);
    if (!url.startsWith("sqlite:////") || url.contains("?")) {
      throw new UsageException(name + " is sqlite:////absolute/path/of/file.db");
    }
    return Path.of(url.substring("sqlite:///".length())).normalize();
  }

  static boolean derive(Options options) {
    String schema = options.optional("--schema").orElse("existing");
    if (!schema.equals("existing") && !schema.equals("derive")) {
      throw new UsageException("--schema is existing or derive");
    }
    return schema.equals("derive");
  }

  private static Policies policies(Options options) {
    try {
      return new Policies(options.all("--policy").stream().map(Policies.Policy::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--policy: " + e.getMessage());
    }
  }

  static PostgresUrl target(Options options) {
    return postgres(options, "--to");
  }

  static PostgresUrl postgres(Options options, String name) {
    try {
      return PostgresUrl.parse(options.required(name), System.getenv("PGPASSWORD"));
    } catch (IllegalArgumentException e) {
      throw new UsageException(name + ": " + e.getMessage());
    }
  }

  static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--operation is a UUID");
    }
  }

  /** Before anything happens: a report that cannot be written is noticed too late afterwards. */
  static void checkReportFile(Options options) {
    options
        .optional("--report")
        .map(file -> Path.of(file).toAbsolutePath().getParent())
        .filter(directory -> !Files.isWritable(directory))
        .ifPresent(directory -> {
          throw new UsageException("--report: cannot write in " + directory);
        });
  }

  static void write(Options options, Report report) {
    Optional<Path> file = options.optional("--report").map(Path::of);
    try {
      if (file.isPresent()) {
        Files.writeString(
            file.get(),
            MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report.json()) + "\n");
      }
    } catch (IOException e) {
      // What happened to the data decides the exit code, and that has happened.
      System.err.println("the report cannot be written: " + e.getMessage());
    }
  }
}
