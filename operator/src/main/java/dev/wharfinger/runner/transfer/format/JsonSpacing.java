package dev.wharfinger.runner.transfer.format;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.Verdict;

/**
 * A jsonb document as text. The order of its keys is PostgreSQL's; what was the application's is
 * not known any more.
 *
 * @param name its name
 * @param spaced whether a blank follows commas and colons
 * @param ascii whether characters beyond ASCII are escaped
 */
record JsonSpacing(String name, boolean spaced, boolean ascii) implements Format {
  @Override
  public Verdict cell(Field field, Cell cell) {
    cell.setText(rewrite(field.text(1)));
    return Verdict.EXACT;
  }

  private String rewrite(String json) {
    StringBuilder out = new StringBuilder(json.length() + 16);
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (quoted && c == '\\') {
        i = escape(json, i, out);
      } else if (quoted) {
        character(c, out);
        quoted = c != '"';
      } else if (!Character.isWhitespace(c)) {
        out.append(c);
        quoted = c == '"';
        if (spaced && (c == ',' || c == ':')) {
          out.append(' ');
        }
      }
    }
    return out.toString();
  }

  /** An escape that stands for a printable character is as good as the character. */
  private int escape(String json, int at, StringBuilder out) {
    char kind = json.charAt(at + 1);
    if (kind == 'u') {
      char c = (char) Integer.parseInt(json, at + 2, at + 6, 16);
      if (c >= 0x7f) {
        character(c, out);
      } else {
        out.append(json, at, at + 6);
      }
      return at + 5;
    }
    out.append('\\').append(kind);
    return at + 1;
  }

  private void character(char c, StringBuilder out) {
    if (ascii && c >= 0x7f) {
      out.append("\\u%04x".formatted((int) c));
    } else {
      out.append(c);
    }
  }
}
