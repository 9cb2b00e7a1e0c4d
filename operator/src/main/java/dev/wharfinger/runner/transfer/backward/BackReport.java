package dev.wharfinger.runner.transfer.backward;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.transfer.Advice;
import dev.wharfinger.runner.transfer.Findings;
import dev.wharfinger.runner.transfer.Report;
import dev.wharfinger.runner.transfer.format.Format;
import java.util.List;
import java.util.Map;

/** What a report of a move back says of tables and findings. */
final class BackReport {
  private BackReport() {}

  static void tables(Report report, List<BackTable> tables, Map<String, long[]> differences) {
    ArrayNode list = (ArrayNode) report.json().get("tables");
    list.removeAll();
    for (BackTable table : tables) {
      ObjectNode node = list.addObject();
      node.put("name", table.sqlite.name()).put("source", table.postgres.name());
      node.put("rows", table.rows).put("hash", table.written.toString());
      long[] difference = differences.get(table.sqlite.name());
      if (difference != null) {
        node.put("onlyInPostgresql", difference[0]).put("onlyInFile", difference[1]);
      }
      ArrayNode columns = node.putArray("columns");
      for (BackColumn column : table.columns) {
        column(column, columns.addObject());
      }
    }
  }

  private static void column(BackColumn column, ObjectNode node) {
    node.put("name", column.sqlite.name()).put("declaredType", column.sqlite.declaredType());
    node.put("sourceType", column.postgres.formatted()).put("nulls", column.nulls);
    ObjectNode format = node.putObject("format").put("evidence", column.evidence);
    ArrayNode fits = format.putArray("fits");
    column.formats.stream().limit(20).map(Format::name).forEach(fits::add);
    ObjectNode rules = node.putObject("rules");
    column.rules.forEach((rule, count) -> rules.put(rule, count[0]));
  }

  /** As usual, but rows are named by PostgreSQL's ctid, by which they can be looked at. */
  static void findings(Report report, Findings findings) {
    report.findings(findings);
    for (var finding : report.json().get("findings")) {
      ((ObjectNode) finding).put("advice", Advice.back(finding.path("rule").asText()));
      ArrayNode places = (ArrayNode) finding.get("rowids");
      for (int i = 0; i < places.size(); i++) {
        long place = places.get(i).asLong();
        places.set(i, "(%d,%d)".formatted(place >> 16, place & 0xffff));
      }
    }
  }
}
