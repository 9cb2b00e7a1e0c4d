package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.PolicyKind;
import dev.wharfinger.runner.transfer.codec.Storage;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.sql.Quoting;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks both engines the same questions about a column: how many values, the least and the greatest.
 * The hashes show that what was sent has arrived; this shows, with none of the code that encodes,
 * that what was sent means the same.
 */
record Semantics(Connection connection, SourceDatabase source) {
  /** PostgreSQL gives no more than 1664 columns. */
  private static final int MOST_AT_ONCE = 1000;

  /**
   * Compares a table, with one query on each side.
   *
   * @throws SQLException where the answers differ
   */
  void compare(TableMapping table) throws Exception {
    Optional<String> arriving = table.arriving();
    if (arriving.isEmpty()) {
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
    for (int i = 0; i < questions.size(); i += MOST_AT_ONCE) {
      compare(
          table,
          arriving.get(),
          questions.subList(i, Math.min(i + MOST_AT_ONCE, questions.size())));
    }
  }

  private void compare(TableMapping table, String arriving, List<Question> questions)
      throws Exception {
    String from = " FROM " + Quoting.name(table.source.name()) + arriving;
    List<Cell> here = new ArrayList<>();
    source.forEach(
        "SELECT " + all(questions.stream().map(Question::here).toList()) + from,
        row -> {
          for (int i = 0; i < questions.size(); i++) {
            here.add(new Cell());
            row.read(i, here.get(i));
          }
        });
    String there = all(questions.stream().map(q -> "(" + q.there() + ")::text").toList());
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + there + " FROM " + table.target.sql())) {
      row.next();
      for (int i = 0; i < questions.size(); i++) {
        if (!questions.get(i).same(here.get(i), row.getString(i + 1))) {
          throw new SQLException(
              "column %s of table %s does not mean the same on both sides"
                  .formatted(questions.get(i).column().target.name(), table.target.name()));
        }
      }
    }
  }

  private static String all(List<String> sql) {
    return sql.stream().collect(Collectors.joining(", "));
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
    questions.add(new Question(column, given, "count(" + there + ")", Question.Kind.NUMBER));
    if (numbers(column)) {
      boolean floating = column.target.type().startsWith("float");
      Question.Kind kind = floating ? Question.Kind.FLOAT : Question.Kind.NUMBER;
      String wide = floating ? there + "::float8" : there;
      for (String end : List.of("min", "max")) {
        questions.add(new Question(column, end + "(" + here + ")", end + "(" + wide + ")", kind));
      }
    } else if (column.target.type().matches("timestamp|timestamptz|date") && onlyTexts(column)) {
      // SQLite's own reading of the time, rounded to milliseconds. It reads fewer layouts: then
      // both sides are asked nothing.
      String readable = "count(unixepoch(%1$s)) = count(nullif(%1$s, ''))".formatted(here);
      for (String end : List.of("min", "max")) {
        questions.add(
            new Question(
                column,
                "iif(%s, %s(unixepoch(%s)), '')".formatted(readable, end, here),
                end + "(floor(extract(epoch FROM " + there + "))::int8)",
                Question.Kind.SECONDS));
      }
    }
  }

  /**
   * Whether both engines put the values in one order. Of whole numbers and floating point numbers
   * together they may not: as a decimal number the latter is another one.
   */
  private static boolean numbers(ColumnMapping column) {
    boolean integers = column.storage(Storage.REAL) + column.storage(Storage.TEXT) == 0;
    boolean reals = column.storage(Storage.INTEGER) + column.storage(Storage.TEXT) == 0;
    return switch (column.target.type()) {
      case "int2", "int4", "int8" -> integers && column.arrivesAsItIs();
      case "float4", "float8" -> (integers || reals) && column.arrivesAsItIs();
      case "numeric" -> integers || reals;
      default -> false;
    };
  }

  private static boolean onlyTexts(ColumnMapping column) {
    return column.storage(Storage.TEXT) > 0
        && column.storage(Storage.INTEGER) + column.storage(Storage.REAL) == 0;
  }
}
