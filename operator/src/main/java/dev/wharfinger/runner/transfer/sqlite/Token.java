package dev.wharfinger.runner.transfer.sqlite;

import dev.wharfinger.runner.transfer.sql.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * One word of SQL as SQLite reads it.
 *
 * @param kind what it is
 * @param text the word; names and strings without their quotes
 * @param start where it begins in the SQL text
 * @param end where it ends there
 */
public record Token(Kind kind, String text, int start, int end) {
  /** What a word is. */
  public enum Kind {
    /** A name or a keyword without quotes. */
    WORD,
    /** A name in quotes. */
    QUOTED,
    /** A text. */
    STRING,
    /** A number. */
    NUMBER,
    /** Anything else: brackets, operators. */
    SYMBOL
  }

  private static final List<String> LONG_SYMBOLS =
      List.of("->>", "||", "==", "<>", "!=", "<=", ">=", "<<", ">>", "->");

  /** Splits SQL text; comments and blanks are left out. */
  public static List<Token> of(String sql) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (sql.startsWith("/*", at)) {
        int end = sql.indexOf("*/", at + 2);
        at = end < 0 ? sql.length() : end + 2;
      } else {
        Token token = next(sql, at);
        tokens.add(token);
        at = token.end;
      }
    }
    return tokens;
  }

  private static Token next(String sql, int start) {
    char c = sql.charAt(start);
    return switch (c) {
      case '\'' -> quoted(Kind.STRING, sql, start, '\'');
      case '"', '`' -> quoted(Kind.QUOTED, sql, start, c);
      case '[' -> quoted(Kind.QUOTED, sql, start, ']');
      default -> {
        if (Character.isDigit(c) || (c == '.' && digitAt(sql, start + 1))) {
          yield plain(Kind.NUMBER, sql, start, numberEnd(sql, start));
        }
        if (wordPart(c)) {
          yield plain(Kind.WORD, sql, start, wordEnd(sql, start));
        }
        int length =
            LONG_SYMBOLS.stream()
                .filter(symbol -> sql.startsWith(symbol, start))
                .findFirst()
                .map(String::length)
                .orElse(1);
        yield plain(Kind.SYMBOL, sql, start, start + length);
      }
    };
  }

  private static Token plain(Kind kind, String sql, int start, int end) {
    return new Token(kind, sql.substring(start, end), start, end);
  }

  private static Token quoted(Kind kind, String sql, int start, char close) {
    StringBuilder text = new StringBuilder();
    int at = start + 1;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      boolean doubled = close != ']' && at + 1 < sql.length() && sql.charAt(at + 1) == close;
      if (c == close && !doubled) {
        return new Token(kind, text.toString(), start, at + 1);
      }
      text.append(c);
      at += c == close ? 2 : 1;
    }
    return new Token(kind, text.toString(), start, sql.length());
  }

  private static boolean digitAt(String sql, int at) {
    return at < sql.length() && Character.isDigit(sql.charAt(at));
  }

  private static boolean wordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c > 127;
  }

  private static int wordEnd(String sql, int start) {
    int end = start;
    while (end < sql.length() && wordPart(sql.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int numberEnd(String sql, int start) {
    int end = start;
    while (end < sql.length()) {
      char c = sql.charAt(end);
      boolean sign = (c == '+' || c == '-') && "eE".indexOf(sql.charAt(end - 1)) >= 0;
      if (!wordPart(c) && c != '.' && !sign) {
        break;
      }
      end++;
    }
    return end;
  }

  /** Whether this is the keyword or the symbol {@code wanted}. */
  public boolean is(String wanted) {
    return (kind == Kind.WORD || kind == Kind.SYMBOL) && Names.same(text, wanted);
  }

  /** Whether this can be a name. */
  public boolean named() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }
}
