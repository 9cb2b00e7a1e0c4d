package dev.wharfinger.runner.transfer.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A text of pairs such as {@code a=>1, "b c"=>NULL}, read as the server's {@code hstore} reads it:
 * of pairs with the same key it keeps one, without a word and without saying which.
 */
final class Hstore {
  private final String text;

  /** A value that is NULL is empty. */
  private final Map<String, Optional<String>> pairs = new LinkedHashMap<>();

  private boolean repeated;
  private int at;

  /** What is read at a time; only quotes make a text of {@code NULL}. */
  private record Word(String text, boolean quoted) {}

  private Hstore(String text) {
    this.text = text;
  }

  /** Empty where the server would not take the text. */
  static Optional<Hstore> of(String text) {
    Hstore hstore = new Hstore(text);
    return hstore.read() ? Optional.of(hstore) : Optional.empty();
  }

  /** Whether a key is there more than once. */
  boolean repeated() {
    return repeated;
  }

  /** The same with the last pair of each key. */
  String last() {
    List<String> all = new ArrayList<>();
    pairs.forEach(
        (key, value) -> all.add(quoted(key) + "=>" + value.map(Hstore::quoted).orElse("NULL")));
    return String.join(", ", all);
  }

  private static String quoted(String word) {
    return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private boolean read() {
    while (true) {
      blanks();
      if (at == text.length()) {
        return true;
      }
      Optional<Word> key = word('=');
      blanks();
      if (key.isEmpty() || !text.startsWith("=>", at)) {
        return false;
      }
      at += 2;
      blanks();
      Optional<Word> value = word(',');
      if (value.isEmpty()) {
        return false;
      }
      Optional<String> known =
          value
              .filter(word -> word.quoted() || !word.text().equalsIgnoreCase("NULL"))
              .map(Word::text);
      repeated |= pairs.containsKey(key.get().text());
      pairs.put(key.get().text(), known);
      blanks();
      if (at == text.length()) {
        return true;
      }
      if (text.charAt(at++) != ',') {
        return false;
      }
    }
  }

  /** A word, which begins here; what would end it is part of a value that begins with it. */
  private Optional<Word> word(char end) {
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      return quotedWord();
    }
    StringBuilder word = new StringBuilder();
    boolean value = end == ',';
    for (boolean first = true; at < text.length(); first = false) {
      char c = text.charAt(at);
      if (white(c) || (c == end && !(first && value))) {
        break;
      }
      at += c == '\\' ? 1 : 0;
      if (at == text.length()) {
        return Optional.empty();
      }
      word.append(text.charAt(at++));
    }
    return word.isEmpty() ? Optional.empty() : Optional.of(new Word(word.toString(), false));
  }

  private Optional<Word> quotedWord() {
    StringBuilder word = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return Optional.of(new Word(word.toString(), true));
      }
      if (c == '\\' && at == text.length()) {
        return Optional.empty();
      }
      word.append(c == '\\' ? text.charAt(at++) : c);
    }
    return Optional.empty();
  }

  private void blanks() {
    while (at < text.length() && white(text.charAt(at))) {
      at++;
    }
  }

  private static boolean white(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
