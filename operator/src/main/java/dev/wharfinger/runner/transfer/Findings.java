package dev.wharfinger.runner.transfer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that stands in the way, gathered over all tables. Never holds values. */
public final class Findings {
  static final int MAX_ROWS = 20;

  /** Where a problem is, and which. */
  public record Key(String table, String column, String rule) {}

  /**
   * One kind of problem at one place.
   *
   * @param rows up to 20 rowids, or places in the order of reading where there is no rowid
   */
  public static final class Finding {
    public long count;
    public final List<Long> rows = new ArrayList<>();
    public String detail = "";
  }

  private final Map<Key, Finding> all = new LinkedHashMap<>();

  /** Adds a problem of one row. */
  public void add(String table, String column, String rule, long row) {
    Finding finding = all.computeIfAbsent(new Key(table, column, rule), key -> new Finding());
    finding.count++;
    if (finding.rows.size() < MAX_ROWS) {
      finding.rows.add(row);
    }
  }

  /** Says more of a problem that was added. */
  public void explain(String table, String column, String rule, String detail) {
    Finding finding = all.get(new Key(table, column, rule));
    if (finding != null) {
      finding.detail = detail;
    }
  }

  /** Adds a problem of a table, a column or the whole; {@code detail} says more, without data. */
  public void add(String table, String column, String rule, String detail) {
    Finding finding = all.computeIfAbsent(new Key(table, column, rule), key -> new Finding());
    finding.count++;
    finding.detail = finding.detail.isEmpty() ? detail : finding.detail + "; " + detail;
  }

  /** Adds a problem that was counted elsewhere. */
  public void addAll(
      String table, String column, String rule, long count, List<Long> rows, String detail) {
    Finding finding = all.computeIfAbsent(new Key(table, column, rule), key -> new Finding());
    finding.count += count;
    finding.rows.addAll(rows);
    finding.detail =
        finding.detail.isEmpty() || finding.detail.equals(detail)
            ? detail
            : finding.detail + "; " + detail;
  }

  /** Adds what another look found. */
  void addAll(Findings others) {
    others.all.forEach(
        (key, f) -> addAll(key.table(), key.column(), key.rule(), f.count, f.rows, f.detail));
  }

  public boolean any() {
    return !all.isEmpty();
  }

  public Map<Key, Finding> all() {
    return all;
  }
}
