package dev.wharfinger.runner.transfer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The policies of a run as they stand in its report.
 *
 * @param policies gets what was decided
 * @param decided gets where it was made use of
 */
record Decisions(ArrayNode policies, ArrayNode decided) {
  /** Rows that stay behind are named one by one, up to here. */
  static final int MOST_ROWS = 1000;

  private static final String PREFIX = "policy-";

  void add(Policies given, Iterable<TableMapping> tables, Findings rows) throws SQLException {
    for (Policies.Policy policy : given.all()) {
      ObjectNode node = policies.addObject().put("kind", policy.kind().word());
      node.put("table", policy.table()).put("column", policy.column());
      node.put("choice", policy.choice());
    }
    for (TableMapping table : tables) {
      table.columns.forEach(column -> values(table, column));
      quarantine(table);
    }
    rows.all()
        .forEach((key, finding) -> {
          ObjectNode node = decision(key.table(), key.column(), key.rule(), finding.count);
          node.put("choice", finding.detail);
          finding.rows.stream().limit(MOST_ROWS).forEach(node.putArray("rowids")::add);
        });
  }

  private void quarantine(TableMapping table) throws SQLException {
    Map<TableMapping.Refusal, Findings.Finding> rows = new LinkedHashMap<>();
    table.eachAside((row, why) -> {
      Findings.Finding all = rows.computeIfAbsent(why, first -> new Findings.Finding());
      all.count++;
      if (all.rows.size() < MOST_ROWS) {
        all.rows.add(row);
      }
    });
    rows.forEach((why, all) -> {
      ObjectNode node =
          decision(
              table.source.name(), why.column(), PREFIX + PolicyKind.QUARANTINE.word(), all.count);
      node.put("rule", why.rule());
      all.rows.forEach(node.putArray("rowids")::add);
    });
  }

  private void values(TableMapping table, ColumnMapping column) {
    column
        .rules()
        .forEach((rule, count) -> {
          if (rule.startsWith(PREFIX) && count[0] > 0) {
            ObjectNode node = decision(table.source.name(), column.source.name(), rule, count[0]);
            column.changed.getOrDefault(rule, List.of()).forEach(node.putArray("rowids")::add);
          }
        });
  }

  private ObjectNode decision(String table, String column, String rule, long count) {
    return decided
        .addObject()
        .put("table", table)
        .put("column", column)
        .put("kind", rule.substring(PREFIX.length()))
        .put("count", count);
  }
}
