package dev.wharfinger.runner.transfer.backward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.wharfinger.runner.transfer.Bookkeeping;
import dev.wharfinger.runner.transfer.Mapping;
import dev.wharfinger.runner.transfer.Policies;
import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import java.sql.Connection;
import java.util.ArrayList;
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

  /** Takes over for a table's columns what was decided of values when the file's were moved. */
  void decide(LikeFile like, BackTable table) {
    List<Policies.Policy> all = new ArrayList<>();
    for (JsonNode one : report.path("policies")) {
      PolicyKind.of(one.path("kind").asText())
          .ifPresent(kind ->
              all.add(
                  new Policies.Policy(
                      kind,
                      one.path("table").asText(),
                      one.path("column").asText(),
                      one.path("choice").asText())));
    }
    Policies policies = new Policies(all);
    Set<String> names = new HashSet<>();
    like.catalog().tables().forEach(one -> names.add(one.name()));
    for (BackColumn column : table.columns) {
      Choices decided = policies.choices(table.sqlite.name(), column.sqlite.name());
      column.earlier = Mapping.known(decided, column.postgres.type(), names);
    }
  }

  /** What it said of a column of the file; missing where it saw none. */
  JsonNode column(String table, String column) {
    for (JsonNode one : report.path("tables")) {
      for (JsonNode candidate : one.path("columns")) {
        if (one.path("name").asText().equals(table)
            && candidate.path("name").asText().equals(column)) {
          return candidate;
        }
      }
    }
    return MissingNode.getInstance();
  }

  /** Whether it saw values that no one format gives back, and moved all of them. */
  boolean mixed(String table, String column) {
    JsonNode one = column(table, column);
    return one.path("format").path("seen").asLong() > 0
        && one.path("format").path("fits").isEmpty()
        && one.path("rejected").asLong() == 0;
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
