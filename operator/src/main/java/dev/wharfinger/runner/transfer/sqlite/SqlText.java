package dev.wharfinger.runner.transfer.sqlite;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of SQL.
 *
 * @param whole the text it is a piece of
 * @param tokens its words; empty where there is nothing
 */
public record SqlText(String whole, List<Token> tokens) {
  /** Nothing. */
  public static final SqlText NONE = new SqlText("", List.of());

  /** All of {@code sql}. */
  static SqlText of(String sql) {
    return new SqlText(sql, Token.of(sql));
  }

  /** The words from {@code from} up to, but without, {@code to}. */
  SqlText part(int from, int to) {
    return from >= to ? NONE : new SqlText(whole, tokens.subList(from, to));
  }

  /** As it was written. */
  public String sql() {
    return tokens.isEmpty()
        ? ""
        : whole.substring(tokens.getFirst().start(), tokens.getLast().end());
  }

  /** What stands between the bracket at {@code open} and the one that closes it. */
  SqlText within(int open) {
    return part(open + 1, close(open));
  }

  /** Where the bracket that opens at {@code open} closes. */
  int close(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return tokens.size();
  }

  /** The first place of a keyword or symbol outside of brackets, from {@code from} on; or -1. */
  int find(String wanted, int from) {
    for (int i = from; i < tokens.size(); i = next(i)) {
      if (tokens.get(i).is(wanted)) {
        return i;
      }
    }
    return -1;
  }

  /** The place after {@code at}; behind the brackets where one opens there. */
  int next(int at) {
    return tokens.get(at).is("(") ? close(at) + 1 : at + 1;
  }

  /** The parts between commas. */
  List<SqlText> items() {
    List<SqlText> items = new ArrayList<>();
    int from = 0;
    for (int comma = find(",", 0); comma >= 0; comma = find(",", from)) {
      items.add(part(from, comma));
      from = comma + 1;
    }
    items.add(part(from, tokens.size()));
    return items;
  }

  /** Whether the words at {@code at} are these keywords. */
  boolean says(int at, String... words) {
    for (int i = 0; i < words.length; i++) {
      if (at + i >= tokens.size() || !tokens.get(at + i).is(words[i])) {
        return false;
      }
    }
    return true;
  }
}
