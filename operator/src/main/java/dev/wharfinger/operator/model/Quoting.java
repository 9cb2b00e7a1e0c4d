package dev.wharfinger.operator.model;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a value is written so that a certain parser reads it as it was. */
enum Quoting {
  /** For any part of a URL. */
  URI {
    @Override
    String quote(String value) {
      return PercentEncoding.encode(value);
    }
  },

  /** A value of libpq's {@code key=value} form, in single quotes. */
  SQ {
    @Override
    String quote(String value) {
      return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
  },

  /** A JSON string with its quotes, which YAML and Python read too. */
  JSON {
    @Override
    String quote(String value) {
      StringBuilder quoted = new StringBuilder("\"");
      for (char c : value.toCharArray()) {
        if (c == '"' || c == '\\') {
          quoted.append('\\').append(c);
        } else if (unprintable(c)) {
          quoted.append(String.format("\\u%04x", (int) c));
        } else {
          quoted.append(c);
        }
      }
      return quoted.append('"').toString();
    }
  },

  /** Text or an attribute's value of XML. */
  XML {
    @Override
    String quote(String value) throws TemplateException {
      StringBuilder quoted = new StringBuilder();
      for (int c : value.codePoints().toArray()) {
        if (!inXml(c)) {
          throw new TemplateException(
              "the value has a control character, which XML cannot hold; use another filter");
        }
        switch (c) {
          case '&' -> quoted.append("&amp;");
          case '<' -> quoted.append("&lt;");
          case '>' -> quoted.append("&gt;");
          case '"' -> quoted.append("&quot;");
          case '\'' -> quoted.append("&apos;");
          // Else a parser would make them spaces in an attribute.
          case '\t', '\n', '\r' -> quoted.append("&#").append(c).append(';');
          default -> quoted.appendCodePoint(c);
        }
      }
      return quoted.toString();
    }
  };

  abstract String quote(String value) throws TemplateException;

  /** The word in templates. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static @Nullable Quoting of(String word) {
    return Stream.of(values()).filter(q -> q.word().equals(word)).findFirst().orElse(null);
  }

  static String words() {
    return Stream.of(values()).map(Quoting::word).collect(Collectors.joining(", "));
  }

  /** What JSON does not allow, and what YAML takes for a line's end or not at all. */
  private static boolean unprintable(char c) {
    return c < 0x20
        || c >= 0x7f && c < 0xa0
        || c == 0x2028
        || c == 0x2029
        || c == 0xfeff
        || c >= 0xfffe;
  }

  private static boolean inXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || c >= 0x20 && c < 0xd800
        || c >= 0xe000 && c != 0xfffe && c != 0xffff;
  }
}
