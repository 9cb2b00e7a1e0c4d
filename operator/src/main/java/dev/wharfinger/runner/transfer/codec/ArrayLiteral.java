package dev.wharfinger.runner.transfer.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's way to write an array, such as {@code {1,NULL,"a \"b\""}}; without bounds. */
final class ArrayLiteral {
  private final String text;
  private int at;

  private ArrayLiteral(String text) {
    this.text = text;
  }

  /** Nested lists of cells, each a text or NULL; null where this is no array. */
  static @Nullable Object parse(String text) {
    ArrayLiteral literal = new ArrayLiteral(text);
    List<Object> list = literal.list(0);
    return list != null && literal.at == text.length() ? list : null;
  }

  private @Nullable List<Object> list(int depth) {
    if (peek() != '{' || depth > 6) {
      return null;
    }
    at++;
    List<Object> list = new ArrayList<>();
    blanks();
    if (peek() == '}') {
      at++;
      return list;
    }
    while (true) {
      blanks();
      Object item = peek() == '{' ? list(depth + 1) : peek() == '"' ? quoted() : bare();
      if (item == null) {
        return null;
      }
      list.add(item);
      blanks();
      char next = peek();
      at++;
      if (next == '}') {
        return list;
      } else if (next != ',') {
        return null;
      }
    }
  }

  private @Nullable Cell quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && peek() != '"'; at++) {
      if (peek() == '\\') {
        at++;
      }
      value.append(peek());
    }
    return at++ < text.length() ? new Cell().setText(value.toString()) : null;
  }

  private @Nullable Cell bare() {
    StringBuilder value = new StringBuilder();
    int end = 0;
    boolean literally = false;
    while (at < text.length() && "{},\"".indexOf(peek()) < 0) {
      boolean escaped = peek() == '\\';
      literally |= escaped;
      at += escaped ? 1 : 0;
      value.append(peek());
      end = escaped || !blank(peek()) ? value.length() : end;
      at++;
    }
    String word = value.substring(0, end);
    boolean none = !literally && word.equalsIgnoreCase("NULL");
    return word.isEmpty() ? null : none ? new Cell().setNull() : new Cell().setText(word);
  }

  private void blanks() {
    while (blank(peek())) {
      at++;
    }
  }

  private static boolean blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** The character at hand; 0, which no text here has, at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }
}
