package dev.wharfinger.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.backup.BackupException;
import dev.wharfinger.runner.backup.Steps;
import dev.wharfinger.runner.backup.Warnings;
import dev.wharfinger.runner.backup.store.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the commands around sets say while they run and at their end. */
final class BackupOutput implements Steps {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private final ObjectNode report = MAPPER.createObjectNode();
  private final Options options;
  private final boolean json;

  BackupOutput(String command, Options options) {
    this.options = options;
    this.json = options.optional("--progress").map(TransferCommand::isJson).orElse(false);
    TransferCommand.checkReportFile(options);
    report.put("version", 1).put("command", command);
    outcome("failed", "", "");
    report.putArray("warnings");
  }

  @Override
  public void at(String step, String detail) {
    if (json) {
      line(MAPPER.createObjectNode().put("event", "progress").put("phase", step));
    } else {
      System.err.println(detail.isEmpty() ? step : step + " " + detail);
    }
  }

  /** Sets how it ended. */
  void outcome(String outcome, String reason, String message) {
    report.put("outcome", outcome).put("reason", reason).put("message", message);
  }

  /** Adds something to the report. */
  void put(String name, JsonNode value) {
    report.set(name, value);
  }

  ArrayNode array(String name) {
    return report.putArray(name);
  }

  void warnings(Warnings warnings) {
    ArrayNode list = report.putArray("warnings");
    warnings
        .all()
        .forEach(one -> list.addObject().put("code", one.code()).put("detail", one.detail()));
  }

  /** What a command does. */
  interface Work {
    void run() throws Exception;
  }

  /** Does it, tells how it ended, and gives the exit code. */
  int conclude(Work work) throws Exception {
    int code;
    try {
      work.run();
      code = ExitCode.DONE;
    } catch (BackupException e) {
      code = failed(e);
    } catch (UsageException e) {
      throw e;
    } catch (Exception e) {
      TargetException target = TargetException.in(e);
      code = target == null ? failed("", said(e), false) : failed(target);
    }
    tell();
    return code;
  }

  /** An error of a file system may be nothing but the name of a file. */
  private static String said(Exception e) {
    String kind =
        e instanceof java.nio.file.FileSystemException ? e.getClass().getSimpleName() : "";
    return Usage.scrub((kind + " " + e.getMessage()).strip());
  }

  int failed(BackupException e) {
    return failed(e.reason(), e.text(), e.permanent());
  }

  private int failed(TargetException e) {
    return failed(e.reason(), e.text(), e.permanent());
  }

  private int failed(String reason, String text, boolean permanent) {
    outcome(permanent ? "refused" : "failed", reason, text);
    return permanent ? ExitCode.REFUSED : ExitCode.FAILED;
  }

  /** Writes the report where it is wanted. */
  void tell() {
    Optional<Path> file = options.optional("--report").map(Path::of);
    Optional<Path> result = options.optional("--result").map(Path::of);
    try {
      if (result.isPresent()) {
        Files.writeString(result.get(), BackupWords.of(report));
      }
      if (file.isPresent()) {
        Files.writeString(
            file.get(), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
      }
    } catch (IOException e) {
      // What happened to the data decides the exit code, and that has happened.
      System.err.println("the report cannot be written: " + e.getMessage());
    }
    if (json) {
      ObjectNode line = MAPPER.createObjectNode().put("event", "report");
      line.set("report", report);
      line(line);
    } else {
      summary();
    }
  }

  private void summary() {
    for (JsonNode warning : report.path("warnings")) {
      System.out.println(
          "warning: " + warning.path("code").asText() + ": " + warning.path("detail").asText());
    }
    String reason = report.path("reason").asText();
    System.out.printf(
        "%s%s: %s%n",
        report.path("outcome").asText(),
        reason.isEmpty() ? "" : " (" + reason + ")",
        report.path("message").asText());
  }

  private static void line(ObjectNode node) {
    try {
      System.out.println(MAPPER.writeValueAsString(node));
      System.out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
