package dev.wharfinger.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.runner.transfer.Progress;
import dev.wharfinger.runner.transfer.Report;

/** What a transfer says while it runs and at its end. */
final class CommandOutput {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CommandOutput() {}

  /** Progress for programs. */
  static Progress jsonLines() {
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
