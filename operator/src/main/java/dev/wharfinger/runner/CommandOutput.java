package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.transfer.Progress;
import dev.wharfinger.runner.transfer.Report;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/** What a transfer says while it runs and at its end. */
final class CommandOutput {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CommandOutput() {}

  /** Progress for programs. */
  static Progress jsonLines() {
    return jsonLines(System.out, System::nanoTime);
  }

  /** The same to {@code out}, by another clock. */
  static Progress jsonLines(PrintStream out, LongSupplier nanos) {
    Rate rate = new Rate(nanos);
    return (phase, rows, total) -> {
      rate.at(phase, rows, total);
      ObjectNode line =
          MAPPER
              .createObjectNode()
              .put("event", "progress")
              .put("phase", phase)
              .put("rows", rows)
              .put("totalRows", total);
      rate.rowsPerSecond().ifPresent(number -> line.put("rowsPerSecond", number));
      rate.remainingSeconds().ifPresent(number -> line.put("remainingSeconds", number));
      out.println(line);
      out.flush();
    };
  }

  /** The report for people. */
  static void summary(Report report) {
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
