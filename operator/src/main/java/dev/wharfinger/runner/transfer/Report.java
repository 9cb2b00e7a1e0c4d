package dev.wharfinger.runner.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.postgresql.Marker;
import dev.wharfinger.runner.transfer.postgresql.TargetColumn;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a run saw and did, as JSON. Names, counts, rowids and statements of the schema; never a
 * value of a row.
 */
public final class Report {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST_SQL = 4096;
  private static final List<String> LISTS =
      List.of(
          "tables", "findings", "warnings", "policies", "decided", "skipped", "revisions", "notes");

  private final ObjectNode root = MAPPER.createObjectNode();

  /** A report of a run that came to nothing so far. */
  public Report() {
    root.put("version", 1);
    root.put("outcome", "failed");
    for (String list : LISTS) {
      root.putArray(list);
    }
    root.putObject("sequences");
  }

  /**
   * Sets how it ended.
   *
   * @param outcome moved, already-moved, planned, refused or failed
   */
  public void outcome(String outcome, String message) {
    root.put("outcome", outcome).put("message", message);
  }

  /** Sets that the operation had ended before, as its marker says. */
  void earlier(String marker) {
    if (marker.equals(Marker.COMMITTED)) {
      outcome("already-moved", "this operation committed before; nothing was done");
    } else {
      outcome("failed", "this operation was aborted; it can never commit any more");
    }
  }

  public void put(String name, String value) {
    root.put(name, value);
  }

  public void put(String name, boolean value) {
    root.put(name, value);
  }

  public ObjectNode object(String name) {
    return root.withObject("/" + name);
  }

  public void note(String text) {
    ((ArrayNode) root.get("notes")).add(text);
  }

  /** Whether that was noted. */
  boolean noted(String text) {
    for (JsonNode one : root.get("notes")) {
      if (one.asText().equals(text)) {
        return true;
      }
    }
    return false;
  }

  public void revision(Bookkeeping.Revision revision) {
    ObjectNode node = ((ArrayNode) root.get("revisions")).addObject();
    node.put("table", revision.table()).put("equal", revision.equal());
    revision.source().forEach(node.putArray("source")::add);
    if (revision.target() != null) {
      revision.target().forEach(node.putArray("target")::add);
    }
  }

  public void skipped(Map<String, String> skipped) {
    skipped.forEach((name, why) ->
        ((ArrayNode) root.get("skipped")).addObject().put("name", name).put("reason", why));
  }

  /** Adds the statements that made what is skipped: a view can be made anew by them. */
  void definitions(Map<String, String> statements) {
    for (JsonNode one : root.get("skipped")) {
      String sql = statements.get(one.path("name").asText());
      if (sql != null) {
        ((ObjectNode) one).put("sql", sql.length() <= LONGEST_SQL ? sql : cut(sql));
      }
    }
  }

  /** The report is kept in a ConfigMap, which takes a megabyte. */
  private static String cut(String sql) {
    return sql.substring(0, LONGEST_SQL) + " -- and so on, as the source has it";
  }

  public void sequences(Map<String, Long> next) {
    next.forEach(((ObjectNode) root.get("sequences"))::put);
  }

  public void findings(Findings findings) {
    findings("findings", findings);
  }

  public void warnings(Findings warnings) {
    findings("warnings", warnings);
  }

  /** Adds what was noticed later. */
  void addWarnings(Findings warnings) {
    add((ArrayNode) root.get("warnings"), warnings);
  }

  private void findings(String name, Findings findings) {
    ArrayNode list = (ArrayNode) root.get(name);
    list.removeAll();
    add(list, findings);
  }

  private static void add(ArrayNode list, Findings findings) {
    findings
        .all()
        .forEach((key, finding) -> {
          ObjectNode node = list.addObject();
          node.put("table", key.table()).put("column", key.column()).put("rule", key.rule());
          node.put("count", finding.count);
          finding.rows.forEach(node.putArray("rowids")::add);
          node.put("detail", finding.detail).put("advice", Advice.of(key.rule()));
        });
  }

  /** What was decided, and where it was made use of. */
  void policies(Policies policies, Iterable<TableMapping> tables, Findings rows)
      throws SQLException {
    new Decisions((ArrayNode) root.get("policies"), (ArrayNode) root.get("decided"))
        .add(policies, tables, rows);
  }

  void tables(Iterable<TableMapping> tables) {
    ArrayNode list = (ArrayNode) root.get("tables");
    list.removeAll();
    for (TableMapping table : tables) {
      ObjectNode node = list.addObject();
      node.put("name", table.source.name()).put("target", table.target.name());
      node.put("rows", table.rows).put("bytes", table.bytes);
      node.put("hash", table.hash.toString()).put("replacedRows", table.replacedRows);
      node.put("droppedRows", table.dropped.size() - table.quarantined.size());
      node.put("quarantinedRows", table.quarantined.size());
      node.put("rowids", table.source.rowidAlias().isEmpty() ? "ordinal" : "rowid");
      ArrayNode columns = node.putArray("columns");
      table.columns.forEach(column -> column(column, columns.addObject()));
      ArrayNode others = node.putArray("columnsOnlyInTarget");
      for (TargetColumn column : table.target.columns()) {
        boolean known =
            Stream.concat(table.columns.stream(), table.computed.stream())
                .anyMatch(mapped -> mapped.target.name().equals(column.name()));
        if (!known) {
          others.add(column.name());
        }
      }
    }
  }

  private static void column(ColumnMapping column, ObjectNode node) {
    node.put("name", column.source.name()).put("declaredType", column.source.declaredType());
    node.put("targetType", column.target.formatted());
    ObjectNode storage = node.putObject("storage");
    for (Storage one : Storage.values()) {
      if (column.storage(one) > 0) {
        storage.put(one.name().toLowerCase(Locale.ROOT), column.storage(one));
      }
    }
    node.put("mixed", column.mixed());
    column.mostCharacters().ifPresent(number -> node.put("longestText", number));
    for (Verdict.Grade grade : Verdict.Grade.values()) {
      node.put(grade.name().toLowerCase(Locale.ROOT), column.grade(grade));
    }
    ObjectNode rules = node.putObject("rules");
    column
        .rules()
        .forEach((rule, count) -> {
          if (count[0] > 0) {
            rules.put(rule, count[0]);
          }
        });
    if (column.survey != null) {
      column.survey.describe(node);
    }
  }

  /** Duration of the whole run, also of one that ended early. */
  public void wallMillis(long millis) {
    root.put("wallMillis", millis);
  }

  /** Rows, and the duration and rate from the plan to the commit. */
  public void figures(long rows, long nanos) {
    root.put("rows", rows).put("durationMillis", nanos / 1_000_000);
    root.put("rowsPerSecond", nanos == 0 ? 0 : Math.round(rows * 1e9 / nanos));
  }

  /** The outcome as set last. */
  public String outcome() {
    return root.path("outcome").asText();
  }

  /** What goes with the outcome, for people. */
  public String message() {
    return root.path("message").asText();
  }

  /** The report as a JSON object. */
  public ObjectNode json() {
    return root;
  }
}
