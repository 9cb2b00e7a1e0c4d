package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What CREATE TABLE says and no PRAGMA tells.
 *
 * @param checks all CHECKs
 * @param generations expressions of generated columns, by the column's name in lower case
 * @param collations collating sequences other than BINARY, in upper case, by the column's name in
 *     lower case
 * @param conflictClauses places where ON CONFLICT says something other than ABORT
 * @param deferred for each REFERENCES in order, whether it is checked at COMMIT only
 */
public record TableText(
    List<Check> checks,
    Map<String, SqlText> generations,
    Map<String, String> collations,
    List<String> conflictClauses,
    List<Boolean> deferred) {

  private static final Set<String> TABLE_CONSTRAINTS =
      Set.of("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN");

  /**
   * A CHECK.
   *
   * @param name its own name, empty without
   * @param column the column it stands at, empty for one of the table
   * @param condition what must not be false
   */
  public record Check(String name, String column, SqlText condition) {}

  /** Reads the text of CREATE TABLE as SQLite keeps it. */
  static TableText of(String sql) {
    TableText table =
        new TableText(
            new ArrayList<>(),
            new HashMap<>(),
            new HashMap<>(),
            new ArrayList<>(),
            new ArrayList<>());
    SqlText text = SqlText.of(sql);
    int open = text.find("(", 0);
    if (open >= 0) {
      text.within(open).items().forEach(table::item);
    }
    return table;
  }

  private void item(SqlText item) {
    if (item.tokens().isEmpty()) {
      return;
    }
    Token first = item.tokens().getFirst();
    boolean constraint =
        first.kind() == Token.Kind.WORD && TABLE_CONSTRAINTS.contains(Names.upper(first.text()));
    String column = constraint ? "" : first.text();
    String name = "";
    for (int at = constraint ? 0 : 1; at < item.tokens().size(); at = item.next(at)) {
      if (item.says(at, "CONSTRAINT") && at + 1 < item.tokens().size()) {
        name = item.tokens().get(at + 1).text();
        at++;
      } else if (item.says(at, "CHECK", "(")) {
        checks.add(new Check(name, column, item.within(at + 1)));
        name = "";
      } else if (item.says(at, "AS", "(")) {
        generations.put(Names.lower(column), item.within(at + 1));
      } else if (item.says(at, "COLLATE") && at + 1 < item.tokens().size()) {
        collation(column, item.tokens().get(at + 1).text());
      } else if (item.says(at, "ON", "CONFLICT") && !item.says(at + 2, "ABORT")) {
        conflictClauses.add(column.isEmpty() ? "a constraint" : column);
      } else if (item.says(at, "REFERENCES")) {
        deferred.add(deferred(item, at));
      }
    }
  }

  private void collation(String column, String collation) {
    if (!Names.same(collation, "BINARY")) {
      collations.put(Names.lower(column), Names.upper(collation));
    }
  }

  private static boolean deferred(SqlText item, int references) {
    for (int at = item.next(references); at < item.tokens().size(); at = item.next(at)) {
      if (item.says(at, "REFERENCES")) {
        return false;
      }
      if (item.says(at, "DEFERRABLE", "INITIALLY", "DEFERRED")) {
        return !item.says(at - 1, "NOT");
      }
    }
    return false;
  }

  /** Collating sequence of a column, in upper case. */
  public String collation(String column) {
    return collations.getOrDefault(Names.lower(column), "BINARY");
  }

  /** Whether a CHECK asks that a column holds JSON. */
  public boolean checksJson(String column) {
    return checks.stream().anyMatch(check -> json(check.condition(), column));
  }

  private static boolean json(SqlText condition, String column) {
    List<Token> tokens = condition.tokens();
    for (int at = 0; at + 3 < tokens.size(); at++) {
      if (condition.says(at, "JSON_VALID", "(")
          && tokens.get(at + 2).named()
          && Names.same(tokens.get(at + 2).text(), column)
          && tokens.get(at + 3).is(")")) {
        return true;
      }
    }
    return false;
  }

  /** Expression of a generated column. */
  public SqlText generation(String column) {
    return generations.getOrDefault(Names.lower(column), SqlText.NONE);
  }
}
