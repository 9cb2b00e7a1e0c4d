package dev.wharfinger.runner.transfer.backward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.wharfinger.runner.transfer.Bookkeeping;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the move that brought the data into PostgreSQL recorded.
 *
 * @param report its report; missing where there was none
 */
record EarlierMove(JsonNode report) {
  static EarlierMove of(Connection connection) throws Exception {
    boolean any =
        Sql.number(connection, "SELECT (to_regclass('wharfinger.marker') IS NOT NULL)::int") == 1;
    String text =
        any
            ? Sql.text(
                connection,
                "SELECT report FROM wharfinger.marker WHERE outcome = 'committed'"
                    + " ORDER BY at DESC LIMIT 1")
            : "";
    return new EarlierMove(
        text.isEmpty() ? MissingNode.getInstance() : new ObjectMapper().readTree(text));
  }

  /** Formats in which the file's columns were. */
  Map<String, List<String>> formats() {
    return Profile.of(report);
  }

  /** Whether it went on with this very difference: then there is none that it did not know. */
  boolean accepted(Bookkeeping.Revision revision) {
    for (JsonNode one : report.path("revisions")) {
      if (one.path("table").asText().equals(revision.table())
          && texts(one.path("source")).equals(revision.source())
          && texts(one.path("target")).equals(revision.target())) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new HashSet<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
