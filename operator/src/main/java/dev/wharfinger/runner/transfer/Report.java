package dev.wharfinger.runner.transfer;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run saw and did, table by table. It holds names, rules, counts and rowids, never a value.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
@JsonInclude(JsonInclude.Include.NON_NULL)
final class Report {
  /** moved, already-moved, plan, refused or failed. */
  String outcome = "failed";

  @Nullable String reason;
  @Nullable String message;
  String source = "";
  String target = "";
  @Nullable String operation;
  long rows;
  long milliseconds;
  long rowsPerSecond;
  final List<Table> tables = new ArrayList<>();
  final List<Finding> findings = new ArrayList<>();
  final List<String> skipped = new ArrayList<>();
  final Map<String, String> revisions = new TreeMap<>();
  final Map<String, Long> sequences = new TreeMap<>();

  /** One table. */
  @JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  static final class Table {
    final String name;
    long rows;
    long replacedRows;
    @Nullable String hash;
    final Map<String, Column> columns = new TreeMap<>();

    Table(String name) {
      this.name = name;
    }
  }

  /** One column: its target type, how its values are stored, and by which rules they went. */
  @JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
  static final class Column {
    final String type;
    final Map<String, Long> storage = new TreeMap<>();
    final Map<String, Long> rules = new TreeMap<>();

    Column(String type) {
      this.type = type;
    }
  }

  /** Something in the way. */
  @JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  static final class Finding {
    final String table;
    final @Nullable String column;
    final String rule;
    long count;
    final List<Long> rowids = new ArrayList<>();

    Finding(String table, @Nullable String column, String rule) {
      this.table = table;
      this.column = column;
      this.rule = rule;
    }
  }

  /** Counts one more case of a finding; keeps the first 20 rowids. */
  void find(String table, @Nullable String column, String rule, long rowid) {
    Finding finding =
        findings.stream()
            .filter(f ->
                f.table.equals(table)
                    && java.util.Objects.equals(f.column, column)
                    && f.rule.equals(rule))
            .findFirst()
            .orElse(null);
    if (finding == null) {
      finding = new Finding(table, column, rule);
      findings.add(finding);
    }
    finding.count++;
    if (rowid >= 0 && finding.rowids.size() < 20) {
      finding.rowids.add(rowid);
    }
  }

  /** A finding about a table or column as a whole. */
  void find(String table, @Nullable String column, String rule) {
    find(table, column, rule, -1);
  }
}
