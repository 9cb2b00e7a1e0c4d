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

  /**
   * A question.
   *
   * @param reads what SQLite reads for it, as SQL
   * @param here as SQLite's SQL; gives a whole number
   * @param there as PostgreSQL's
   * @param rounded whether SQLite may have rounded up to the next number
   */
  private record Question(
      ColumnMapping column, List<String> reads, String here, String there, boolean rounded) {
    boolean same(String one, String other) {
      return one.equals(other)
          || (rounded
              && !other.equals("null")
              && Math.subtractExact(Long.parseLong(one), Long.parseLong(other)) == 1);
    }
  }

  /** What is asked about a table. */
  private static List<Question> questions(TableMapping table) {
    List<Question> questions = new ArrayList<>();
    for (ColumnMapping column :
        table.dropped.isEmpty() ? table.columns : List.<ColumnMapping>of()) {
      if (column.grade(Verdict.Grade.CHOSEN) == 0
          && column.nulled.isEmpty()
          && column.choices.get(PolicyKind.SOURCE_TIME_ZONE).isEmpty()) {
        ask(column, questions);
      }
    }
    return questions;
  }

  /** SQLite's answers about all tables. */
  Map<TableMapping, List<String>> answers(List<TableMapping> tables) throws SQLException {
    Map<TableMapping, List<String>> answers = new LinkedHashMap<>();
    for (TableMapping table : tables) {
      answers.put(table, answers(table));
    }
    return answers;
  }

  /** SQLite's answers about a table. */
  List<String> answers(TableMapping table) throws SQLException {
    List<String> answers = new ArrayList<>();
    for (List<Question> some : portions(questions(table))) {
      // The limit keeps SQLite from computing a time anew wherever it is mentioned.
      String columns =
          some.stream()
              .flatMap(q -> q.reads().stream())
              .distinct()
              .collect(Collectors.joining(", "));
      String asked = some.stream().map(Question::here).collect(Collectors.joining(", "));
      answers.addAll(
          source.texts(
              "SELECT %s FROM (SELECT %s FROM %s LIMIT -1)"
                  .formatted(asked, columns, Quoting.name(table.source.name()))));
    }
    return answers;
  }

  /**
   * Compares SQLite's answers about a table with PostgreSQL's.
   *
   * @throws SQLException where they differ
   */
  void compare(TableMapping table, List<String> answers) throws SQLException {
    List<Question> questions = questions(table);
    List<String> theirs = new ArrayList<>();
    for (List<Question> some : portions(questions)) {
      String asked =
          some.stream()
              .map(question -> "coalesce((%s)::text, 'null')".formatted(question.there()))
              .collect(Collectors.joining(", "));
      theirs.addAll(
          Sql.texts(connection, "SELECT %s FROM %s".formatted(asked, table.target.sql())));
    }
    for (int i = 0; i < questions.size(); i++) {
      if (!answers.get(i).isEmpty() && !questions.get(i).same(answers.get(i), theirs.get(i))) {
        throw new SQLException(
            "column %s of table %s does not mean the same on both sides"
                .formatted(questions.get(i).column().target.name(), table.target.name()));
      }
    }
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
    if (column.rules().containsKey("empty-text-to-null")) {
      String blank = "char(9)||char(10)||char(11)||char(12)||char(13)||' '";
      given =
          "count(CASE WHEN typeof(%1$s)='text' THEN nullif(trim(%1$s, %2$s), '') ELSE %1$s END)"
              .formatted(here, blank);
    }
    questions.add(new Question(column, List.of(here), given, "count(" + there + ")", false));
    String type = column.target.type();
    boolean exact = column.arrivesAsItIs();
    boolean integers = column.storage(Storage.REAL) + column.storage(Storage.TEXT) == 0;
    if (exact && integers && type.matches("int[248]")) {
      for (String end : List.of("min", "max")) {
        String of = end + "(%s)";
        questions.add(
            new Question(column, List.of(here), of.formatted(here), of.formatted(there), false));
      }
    } else if (type.matches("timestamp|timestamptz") && onlyTexts(column)) {
      // SQLite's own reading of the time, rounded to milliseconds. It reads fewer layouts: then
      // both sides are asked nothing.
      String read = Quoting.name("unixepoch " + column.source.name());
      List<String> reads = List.of(here, "unixepoch(%s) AS %s".formatted(here, read));
      String readable = "count(%s) = count(nullif(%s, ''))".formatted(read, here);
      for (String end : List.of("min", "max")) {
        questions.add(
            new Question(
                column,
                reads,
                "iif(%s, %s(%s), '')".formatted(readable, end, read),
                "floor(extract(epoch FROM %s(%s)))::int8".formatted(end, there),
                true));
      }
    }
  }

  private static boolean onlyTexts(ColumnMapping column) {
    return column.storage(Storage.TEXT) > 0
        && column.storage(Storage.INTEGER) + column.storage(Storage.REAL) == 0;
  }
}
