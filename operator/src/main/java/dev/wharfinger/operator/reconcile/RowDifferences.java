package dev.wharfinger.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which rows only one of the two databases has, as a report counts them. */
final class RowDifferences {
  private static final int NAMED = 5;
  private static final int LONGEST = 400;

  private RowDifferences() {}

  /** In words, without any data; null where the report does not say. */
  static @Nullable String words(JsonNode report) {
    boolean compared = false;
    for (JsonNode table : report.path("tables")) {
      compared |= table.hasNonNull("onlyInPostgresql");
    }
    if (!compared && !report.path("compared").asBoolean()) {
      return null;
    }
    List<String> columns = new ArrayList<>();
    report.path("columnsOnlyInPostgresql").forEach(column -> columns.add(column.asText()));
    String text =
        rows(report, "onlyInPostgresql", "PostgreSQL")
            + ", "
            + rows(report, "onlyInFile", "the file")
            + " (a changed row is one on each side)"
            + (columns.isEmpty()
                ? ""
                : "; columns with values only in PostgreSQL: " + some(columns));
    return text.substring(0, Math.min(text.length(), LONGEST));
  }

  /** {@code 12 rows only in PostgreSQL: note 10, tag 2}. */
  private static String rows(JsonNode report, String side, String name) {
    long all = 0;
    List<String> tables = new ArrayList<>();
    for (JsonNode table : report.path("tables")) {
      long rows = table.path(side).asLong(0);
      if (rows > 0) {
        all += rows;
        tables.add(table.path("name").asText() + " " + rows);
      }
    }
    return all + " rows only in " + name + (tables.isEmpty() ? "" : " [" + some(tables) + "]");
  }

  private static String some(List<String> words) {
    int more = words.size() - NAMED;
    return String.join(", ", words.subList(0, Math.min(NAMED, words.size())))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
