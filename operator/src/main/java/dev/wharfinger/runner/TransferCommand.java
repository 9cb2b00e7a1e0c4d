package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** {@code transfer}: moves a SQLite database into PostgreSQL, exactly or not at all. */
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
          "--progress",
          "--port");
  static final Set<String> FLAGS = Set.of("--dry-run", "--plan", "--hold", "--replace-target-rows");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public int run(Options options) throws Exception {
    boolean json = options.optional("--progress").map(TransferCommand::isJson).orElse(false);
    checkReportFile(options);
    boolean hold = options.has("--hold");
    TransferOptions transfer = transferOptions(options);
    try (HoldServer server = hold ? HoldServer.start(port(options)) : null) {
      Report report =
          new Transfer(transfer, json ? jsonLines() : ProgressLine.onStandardError()).run();
      write(options, report);
      if (json) {
        ObjectNode line = MAPPER.createObjectNode().put("event", "report");
        System.out.println(line.set("report", report.json()));
        System.out.flush();
      } else {
        summary(report);
      }
      int code = exitCode(report.outcome());
      if (server != null && code == ExitCode.DONE && !transfer.dryRun()) {
        server.holdUntilTerminated();
      }
      return code;
    }
  }

  private static boolean isJson(String format) {
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

  private static int port(Options options) {
    try {
      return Integer.parseInt(options.optional("--port").orElse("8080"));
    } catch (NumberFormatException e) {
      throw new UsageException("--port is a number");
    }
  }

  private static TransferOptions transferOptions(Options options) {
    String from = options.required("--from");
    if (!from.startsWith("sqlite:////") || from.contains("?")) {
      throw new UsageException("--from is sqlite:////absolute/path/of/file.db");
    }
    String schema = options.optional("--schema").orElse("existing");
    if (!schema.equals("existing") && !schema.equals("derive")) {
      throw new UsageException("--schema is existing or derive");
    }
    return new TransferOptions(
        Path.of(from.substring("sqlite:///".length())).normalize(),
        target(options),
        options.optional("--target-schema"),
        options.optional("--operation").map(TransferCommand::uuid),
        options.has("--dry-run") || options.has("--plan"),
        schema.equals("derive"),
        options.has("--replace-target-rows"),
        policies(options),
        options.optional("--snapshot-dir").map(Path::of));
  }

  private static Policies policies(Options options) {
    try {
      return new Policies(options.all("--policy").stream().map(Policies.Policy::parse).toList());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--policy: " + e.getMessage());
    }
  }

  static PostgresUrl target(Options options) {
    try {
      return PostgresUrl.parse(options.required("--to"), System.getenv("PGPASSWORD"));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--to: " + e.getMessage());
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
  private static void checkReportFile(Options options) {
    options
        .optional("--report")
        .map(file -> Path.of(file).toAbsolutePath().getParent())
        .filter(directory -> !Files.isWritable(directory))
        .ifPresent(directory -> {
          throw new UsageException("--report: cannot write in " + directory);
        });
  }

  private static void write(Options options, Report report) {
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

  private static Progress jsonLines() {
    return (phase, rows, total) -> {
      System.out.println(
          MAPPER
              .createObjectNode()
              .put("event", "progress")
              .put("phase", phase)
              .put("rows", rows)
              .put("totalRows", total));
      System.out.flush();
    };
  }

  private static void summary(Report report) {
    findings(report, "findings", "");
    findings(report, "warnings", "warning: ");
    report
        .json()
        .path("skipped")
        .forEach(left ->
            System.out.printf(
                "not moved: %s: %s%n", left.path("name").asText(), left.path("reason").asText()));
    System.out.printf(
        "%s: %s (%d rows, %d rows/s)%n",
        report.outcome(),
        report.message(),
        report.json().path("rows").asLong(),
        report.json().path("rowsPerSecond").asLong());
  }

  private static void findings(Report report, String list, String word) {
    report
        .json()
        .path(list)
        .forEach(finding ->
            System.out.printf(
                "%s%s.%s: %s, %d times%s %s%n  %s%n",
                word,
                finding.path("table").asText(),
                finding.path("column").asText(),
                finding.path("rule").asText(),
                finding.path("count").asLong(),
                finding.path("rowids").isEmpty() ? "" : ", rows " + finding.path("rowids"),
                finding.path("detail").asText(),
                finding.path("advice").asText()));
  }
}
