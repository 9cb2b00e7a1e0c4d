package dev.wharfinger.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.api.v1alpha1.StorageMigrationStatus.Progress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the runner said about a move. Best effort: nothing but messages depends on it.
 *
 * @param configMap name of the ConfigMap that keeps it, or null
 * @param revision the target schema's revision, or null where no migration tool says one
 * @param findings its first findings in words, without any value of the data; null where there are
 *     none
 * @param differences which rows only one side has, in words; null where they were not compared
 */
record MigrationReport(
    @Nullable String configMap,
    @Nullable String revision,
    @Nullable String findings,
    @Nullable String differences) {
  static final MigrationReport NONE = new MigrationReport(null, null, null, null);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 1000;
  private static final int NAMED = 5;
  private static final int LONGEST_REVISION = 200;

  /** What {@code report} says, which is kept in {@code configMap} or nowhere. */
  static MigrationReport of(@Nullable String configMap, @Nullable String report) {
    JsonNode root = parse(report);
    return new MigrationReport(
        configMap,
        revision(report),
        findings(report),
        root == null ? null : RowDifferences.words(root));
  }

  /** The report in the runner's output, as JSON, or null. */
  static @Nullable String inLog(String log) {
    JsonNode event = last(log, "report");
    return event == null || event.get("report") == null ? null : event.get("report").toString();
  }

  /** The last progress in the runner's output, or null. */
  static @Nullable Progress progress(String log) {
    JsonNode event = last(log, "progress");
    if (event == null) {
      return null;
    }
    long rows = event.path("rows").asLong(0);
    long total = event.path("totalRows").asLong(0);
    int percent = total <= 0 ? 0 : (int) Math.min(100, rows * 100 / total);
    return new Progress(
        percent, rows, total, number(event, "rowsPerSecond"), number(event, "remainingSeconds"));
  }

  private static @Nullable Long number(JsonNode event, String name) {
    return event.path(name).isIntegralNumber() ? event.path(name).asLong() : null;
  }

  /** {@code spans.start_time: not-a-timestamp (3 rows); …}, at most 1,000 characters. */
  static @Nullable String findings(@Nullable String report) {
    JsonNode root = parse(report);
    if (root == null) {
      return null;
    }
    List<String> words = new ArrayList<>();
    JsonNode findings = root.path("findings");
    for (JsonNode finding : findings) {
      if (words.size() < NAMED) {
        words.add(
            join(finding.path("table").asText(), finding.path("column").asText())
                + ": "
                + finding.path("rule").asText("refused")
                + extent(finding));
      }
    }
    if (words.isEmpty()) {
      return null;
    }
    int more = findings.size() - words.size();
    String text = String.join("; ", words) + (more > 0 ? "; and " + more + " more" : "");
    return "the data cannot be moved as it is: "
        + text.substring(0, Math.min(text.length(), LONGEST - 50));
  }

  /**
   * {@code 3f2a90c1}; of a tool that keeps all it ever did, how much that is: nothing says which of
   * them is the newest.
   */
  static @Nullable String revision(@Nullable String report) {
    JsonNode root = parse(report);
    List<String> words = new ArrayList<>();
    for (JsonNode revision : root == null ? JSON.createArrayNode() : root.path("revisions")) {
      JsonNode target = revision.path("target");
      if (target.size() == 1) {
        words.add(target.path(0).asText());
      } else if (target.size() > 1) {
        words.add(target.size() + " in " + revision.path("table").asText());
      }
    }
    String text = String.join(", ", words);
    return text.isEmpty() ? null : text.substring(0, Math.min(text.length(), LONGEST));
  }

  /**
   * Revisions are names that the application's developers gave, and no data; a certificate is none,
   * nor are sizes.
   */
  private static String extent(JsonNode finding) {
    String rule = finding.path("rule").asText();
    if (rule.startsWith("tls-") || rule.endsWith("-memory")) {
      return " (" + finding.path("detail").asText() + ")";
    }
    if (rule.equals("revision-differs")) {
      String detail = finding.path("detail").asText();
      return " (" + detail.substring(0, Math.min(detail.length(), LONGEST_REVISION)) + ")";
    }
    return finding.hasNonNull("count") ? " (" + finding.path("count").asLong() + " rows)" : "";
  }

  private static String join(String table, String column) {
    return table.isEmpty() ? "database" : column.isEmpty() ? table : table + "." + column;
  }

  private static @Nullable JsonNode last(String log, String event) {
    return log.lines()
        .filter(line -> line.startsWith("{") && line.contains("\"" + event + "\""))
        .map(MigrationReport::parse)
        .filter(node -> node != null && event.equals(node.path("event").asText()))
        .reduce((a, b) -> b)
        .orElse(null);
  }

  private static @Nullable JsonNode parse(@Nullable String json) {
    try {
      return json == null ? null : JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
