package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.postgresql.Sql;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks both engines the same questions about a column: how many values, the least and the greatest.
 * The hashes show that what was sent has arrived; this shows, with none of the code that encodes,
 * that what was sent means the same.
 */
record Semantics(Connection connection, SourceDatabase source) {
  /**
   * A question.
   *
   * @param here as SQLite's SQL; gives a whole number
   * @param there as PostgreSQL's
   * @param rounded whether SQLite may have rounded up to the next number
   */
  private record Question(ColumnMapping column, String here, String there, boolean rounded) {
    boolean same(String one, String other) {
      return one.equals(other)
          || (rounded
              && !other.equals("null")
              && Math.subtractExact(Long.parseLong(one), Long.parseLong(other)) == 1);
    }
  }

  /**
   * Compares a table.
   *
   * @throws SQLException where the answers differ
   */
  void compare(TableMapping table) throws SQLException {
    if (!table.dropped.isEmpty()) {
      return;
    }
    List<Question> questions = new ArrayList<>();
    for (ColumnMapping column : table.columns) {
      if (column.grade(Verdict.Grade.CHOSEN) == 0
          && column.nulled.isEmpty()
          && column.choices.get(PolicyKind.SOURCE_TIME_ZONE).isEmpty()) {
        ask(column, questions);
      }
    }
    for (Question question : questions) {
      String here =
          source.text(
              "SELECT %s FROM %s".formatted(question.here(), Quoting.name(table.source.name())));
      String there =
          Sql.text(
              connection,
              "SELECT coalesce((%s)::text, 'null') FROM %s"
                  .formatted(question.there(), table.target.sql()));
      if (!here.isEmpty() && !question.same(here, there)) {
        throw new SQLException(
            "column %s of table %s does not mean the same on both sides"
                .formatted(question.column().target.name(), table.target.name()));
      }
    }
  }

  private static void ask(ColumnMapping column, List<Question> questions) {
    String here = Quoting.name(column.source.name());
    String there = Quoting.name(column.target.name());
    String given = "count(%s)".formatted(here);
    if (column.rules().containsKey("empty-text-to-null")) {
      String blank = "char(9)||char(10)||char(11)||char(12)||char(13)||' '";
      given =
          "count(CASE WHEN typeof(%1$s)='text' THEN nullif(trim(%1$s, %2$s), '') ELSE %1$s END)"
              .formatted(here, blank);
    }
    questions.add(new Question(column, given, "count(" + there + ")", false));
    String type = column.target.type();
    boolean exact = column.arrivesAsItIs();
    boolean integers = column.storage(Storage.REAL) + column.storage(Storage.TEXT) == 0;
    if (exact && integers && type.matches("int[248]")) {
      extremes(column, here, there, questions);
    } else if (type.matches("timestamp|timestamptz") && onlyTexts(column)) {
      // SQLite's own reading of the time, rounded to milliseconds. It reads fewer layouts: then
      // both sides are asked nothing.
      String readable = "count(unixepoch(%1$s)) = count(nullif(%1$s, ''))".formatted(here);
      for (String end : List.of("min", "max")) {
        questions.add(
            new Question(
                column,
                "iif(%s, %s(unixepoch(%s)), '')".formatted(readable, end, here),
                end + "(floor(extract(epoch FROM " + there + "))::int8)",
                true));
      }
    }
  }

  private static boolean onlyTexts(ColumnMapping column) {
    return column.storage(Storage.TEXT) > 0
        && column.storage(Storage.INTEGER) + column.storage(Storage.REAL) == 0;
  }

  private static void extremes(
      ColumnMapping column, String here, String there, List<Question> questions) {
    for (String end : List.of("min", "max")) {
      questions.add(new Question(column, end + "(" + here + ")", end + "(" + there + ")", false));
    }
  }
}
