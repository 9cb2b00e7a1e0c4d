package dev.wharfinger.operator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text with placeholders such as {@code {host}} or {@code {password|uri}}. A brace opens one where
 * a letter follows it; every other brace is text, so that JSON needs no quoting.
 */
record Template(List<Part> parts) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

  /** Text or placeholder. */
  sealed interface Part {}

  record Text(String text) implements Part {}

  /**
   * A placeholder.
   *
   * @param at index of its brace
   */
  record Placeholder(int at, String word, List<TemplateFilter> filters) implements Part {}

  static Template parse(String text) throws TemplateException {
    List<Part> parts = new ArrayList<>();
    int done = 0;
    for (int open = opening(text, 0); open >= 0; open = opening(text, done)) {
      int close = text.indexOf('}', open);
      int next = text.indexOf('{', open + 1);
      if (close < 0 || next >= 0 && next < close) {
        throw TemplateException.at(
            open, "the brace is not closed: add }, or write {brace} for a brace that is text");
      }
      parts.add(new Text(text.substring(done, open)));
      parts.add(placeholder(open, text.substring(open + 1, close)));
      done = close + 1;
    }
    parts.add(new Text(text.substring(done)));
    return new Template(List.copyOf(parts));
  }

  private static int opening(String text, int from) {
    int open = text.indexOf('{', from);
    while (open >= 0 && !(open + 1 < text.length() && letter(text.charAt(open + 1)))) {
      open = text.indexOf('{', open + 1);
    }
    return open;
  }

  private static boolean letter(char c) {
    return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
  }

  private static Placeholder placeholder(int open, String inside) throws TemplateException {
    String[] pieces = inside.split("\\|", -1);
    if (!WORD.matcher(pieces[0]).matches()) {
      throw TemplateException.at(
          open,
          "{"
              + inside
              + "} is no placeholder: it must be a word, and filters after |; write {brace} for a"
              + " brace that is text");
    }
    List<TemplateFilter> filters = new ArrayList<>();
    int at = open + 1 + pieces[0].length() + 1;
    for (String piece : List.of(pieces).subList(1, pieces.length)) {
      try {
        filters.add(TemplateFilter.of(piece));
      } catch (TemplateException e) {
        throw TemplateException.at(at, e.explanation());
      }
      at += piece.length() + 1;
    }
    return new Placeholder(open, pieces[0], List.copyOf(filters));
  }

  /** Refuses words that no backend has. */
  void requireKnown(Set<String> known) throws TemplateException {
    for (Part part : parts) {
      if (part instanceof Placeholder placeholder) {
        requireKnown(placeholder.at(), placeholder.word(), known);
        for (TemplateFilter filter : placeholder.filters()) {
          if (filter instanceof TemplateFilter.Or(String word)) {
            requireKnown(placeholder.at(), word, known);
          }
        }
      }
    }
  }

  private static void requireKnown(int at, String word, Set<String> known)
      throws TemplateException {
    if (!known.contains(word)) {
      throw TemplateException.at(
          at,
          "{"
              + word
              + "} is not known; known are "
              // The words of each database are those of the binding once more.
              + String.join(", ", known.stream().filter(w -> !w.startsWith("db.")).toList())
              + " and db.NAME.WORD for each file of sqlite.databases");
    }
  }

  /** The text with all values, or null where one of them is not there at present. */
  @Nullable String render(Map<String, String> words) throws TemplateException {
    StringBuilder rendered = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Text(String text) -> rendered.append(text);
        case Placeholder placeholder -> {
          String value = value(placeholder, words);
          if (value == null) {
            return null;
          }
          rendered.append(value);
        }
      }
    }
    return rendered.toString();
  }

  private static @Nullable String value(Placeholder placeholder, Map<String, String> words)
      throws TemplateException {
    String value = words.get(placeholder.word());
    for (TemplateFilter filter : placeholder.filters()) {
      try {
        value = filter.apply(value, words);
      } catch (TemplateException e) {
        throw TemplateException.at(
            placeholder.at(), "{" + placeholder.word() + "}: " + e.explanation());
      }
    }
    return value;
  }
}
