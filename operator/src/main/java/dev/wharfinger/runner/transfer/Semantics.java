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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks both engines the same questions about a column: how many values, the least and the greatest.
 * The hashes show that what was sent has arrived; this shows, with none of the code that encodes,
 * that what was sent means the same.
 */
record Semantics(Connection connection, SourceDatabase source) {
  private static final int MOST_AT_ONCE = 500;

  /** What is asked about a table. */
  private static List<Question> questions(TableMapping table) throws SQLException {
    List<Question> questions = new ArrayList<>();
    if (table.arriving().isEmpty()) {
      return questions;
    }
    for (ColumnMapping column : table.columns) {
      if (column.grade(Verdict.Grade.CHOSEN) == 0
          && column.nulled.isEmpty()
          && column.choices.get(PolicyKind.SOURCE_TIME_ZONE).isEmpty()) {
        ask(column, questions);
      }
    }
    return questions;
  }

  /** SQLite's answers about all tables. */
  Map<TableMapping, List<Cell>> answers(List<TableMapping> tables) throws Exception {
    Map<TableMapping, List<Cell>> answers = new LinkedHashMap<>();
    for (TableMapping table : tables) {
      answers.put(table, answers(table));
    }
    return answers;
  }

  /** SQLite's answers about a table. */
  List<Cell> answers(TableMapping table) throws Exception {
    List<Cell> answers = new ArrayList<>();
    for (List<Question> some : portions(questions(table))) {
      // The limit keeps SQLite from computing a time anew wherever it is mentioned.
      String sql =
          "SELECT %s FROM (SELECT %s FROM %s%s LIMIT -1)"
              .formatted(
                  all(some.stream().map(Question::here).toList()),
                  all(some.stream().flatMap(q -> q.reads().stream()).distinct().toList()),
                  Quoting.name(table.source.name()),
                  table.arriving().orElse(""));
      source.forEach(
          sql,
          row -> {
            for (int i = 0; i < some.size(); i++) {
              Cell answer = new Cell();
              row.read(i, answer);
              answers.add(answer);
            }
          });
    }
    return answers;
  }

  /**
   * Compares SQLite's answers about a table with PostgreSQL's.
   *
   * @throws SQLException where they differ
   */
  void compare(TableMapping table, List<Cell> answers) throws SQLException {
    int asked = 0;
    for (List<Question> some : portions(questions(table))) {
      String there = all(some.stream().map(q -> "(" + q.there() + ")::text").toList());
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery("SELECT " + there + " FROM " + table.target.sql())) {
        row.next();
        for (int i = 0; i < some.size(); i++) {
          if (!some.get(i).same(answers.get(asked++), row.getString(i + 1))) {
            throw new SQLException(
                "column %s of table %s does not mean the same on both sides"
                    .formatted(some.get(i).column().target.name(), table.target.name()));
          }
        }
      }
    }
  }

  private static String all(List<String> sql) {
    return sql.stream().collect(Collectors.joining(", "));
  }

  /** All questions about a table are one query, unless that has more columns than engines take. */
  private static List<List<Question>> portions(List<Question> questions) {
    List<List<Question>> portions = new ArrayList<>();
    for (int i = 0; i < questions.size(); i += MOST_AT_ONCE) {
      portions.add(questions.subList(i, Math.min(questions.size(), i + MOST_AT_ONCE)));
    }
    return portions;
  }

  private static void ask(ColumnMapping column, List<Question> questions) {
    String here = Quoting.name(column.source.name());
    String there = Quoting.name(column.target.name());
    String given = "count(%s)".formatted(here);
    if (column.nulls() > column.storage(Storage.NULL)) {
      String blank = "char(9)||char(10)||char(11)||char(12)||char(13)||' '";
      given =
          "count(CASE WHEN typeof(%1$s)='text' THEN nullif(trim(%1$s, %2$s), '') ELSE %1$s END)"
              .formatted(here, blank);
    }
    List<String> reads = List.of(here);
    questions.add(new Question(column, reads, given, "count(" + there + ")", Question.Kind.NUMBER));
    if (numbers(column)) {
      boolean floating = column.target.type().startsWith("float");
      Question.Kind kind = floating ? Question.Kind.FLOAT : Question.Kind.NUMBER;
      String wide = floating ? there + "::float8" : there;
      for (String end : List.of("min", "max")) {
        String of = end + "(%s)";
        questions.add(new Question(column, reads, of.formatted(here), of.formatted(wide), kind));
      }
    } else if (column.target.type().matches("timestamp|timestamptz|date") && onlyTexts(column)) {
      // SQLite's own reading of the time, rounded to milliseconds. It reads fewer layouts: then
      // both sides are asked nothing.
      String read = Quoting.name("unixepoch " + column.source.name());
      String readable = "count(%s) = count(nullif(%s, ''))".formatted(read, here);
      for (String end : List.of("min", "max")) {
        questions.add(
            new Question(
                column,
                List.of(here, "unixepoch(%s) AS %s".formatted(here, read)),
                "iif(%s, %s(%s), '')".formatted(readable, end, read),
                "floor(extract(epoch FROM %s(%s)))::int8".formatted(end, there),
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
