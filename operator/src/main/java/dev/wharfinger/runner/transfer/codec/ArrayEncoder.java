package dev.wharfinger.runner.transfer.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array: a JSON array or PostgreSQL's own way to write one. Its elements go through the encoder
 * of their type, as if each of them were a value of a column.
 *
 * @param elements encoder of the elements
 * @param oid object id of the elements' type; 0 where the server reads the array as text
 */
record ArrayEncoder(ColumnEncoder elements, int oid) implements ValueEncoder {
  private static final Verdict JSON = Verdict.normalised("json-array-to-array");
  private static final Verdict LITERAL = Verdict.normalised("array-literal-to-array");
  private static final Verdict NO_ARRAY = Verdict.rejected("text-is-no-array");
  private static final Verdict AMBIGUOUS = Verdict.rejected("json-element-ambiguous");
  private static final Verdict NOT_UTF8 = Verdict.rejected("text-is-not-utf-8");

  /** PostgreSQL takes no more dimensions. */
  private static final int MAX_DIMENSIONS = 6;

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    if (cell.storage() != Storage.TEXT) {
      return WRONG_STORAGE;
    }
    if (Utf8.length(cell.bytes()) < 0) {
      return NOT_UTF8;
    }
    String text = new String(cell.bytes(), StandardCharsets.UTF_8).strip();
    boolean documents = elements.values() instanceof JsonEncoder;
    Object parsed = text.startsWith("[") ? json(text, documents) : ArrayLiteral.parse(text);
    if (parsed == AMBIGUOUS) {
      return AMBIGUOUS;
    }
    List<Integer> sizes = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    if (!(parsed instanceof List<?> list) || !flatten(list, 0, sizes, cells)) {
      return NO_ARRAY;
    }
    Verdict verdict = text.startsWith("[") ? JSON : LITERAL;
    if (verdict == JSON && documents && signed(text)) {
      verdict = NO_SIGN;
    }
    return oid == 0 ? literal(sizes, cells, verdict, out) : put(sizes, cells, verdict, out);
  }

  private static @Nullable Object json(String text, boolean documents) {
    try {
      JsonNode array = Json.parse(text, true);
      // Numbers of the tree are decimal, and of these none has a zero with a sign.
      List<String> written = Json.mayHaveNegativeZero(text) ? Json.numbers(text) : List.of();
      return documents ? documents(array) : value(array, written.iterator());
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** One dimension: whether an array in it is another one or a document would be a guess. */
  private static Object documents(JsonNode array) {
    List<Object> list = new ArrayList<>();
    for (JsonNode node : array) {
      Cell document = ElementEncoder.document(node);
      if (document == null) {
        return AMBIGUOUS;
      }
      list.add(document);
    }
    return list;
  }

  private static boolean signed(String text) {
    try {
      return Json.negativeZero(text);
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** What has come of the elements so far. */
  private static Verdict worst(Verdict before, Verdict element) {
    boolean more = element.grade() == Verdict.Grade.CHOSEN;
    return more || element == NO_SIGN && before.grade() != Verdict.Grade.CHOSEN ? element : before;
  }

  private static Object value(JsonNode node, Iterator<String> written) {
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(item -> list.add(value(item, written)));
      return list;
    }
    Cell cell = new Cell();
    if (node.isNull()) {
      return cell.setNull();
    } else if (node.isBoolean()) {
      return cell.setText(node.asText());
    } else if (node.isTextual() && ElementEncoder.whole(node.textValue())) {
      return cell.setText(node.textValue());
    }
    // A number keeps all its digits as text; an object has no counterpart in any element.
    if (!node.isNumber()) {
      return NO_ARRAY;
    }
    boolean sign = written.hasNext() && Json.isNegativeZero(written.next());
    return cell.setText((sign ? "-" : "") + node.decimalValue());
  }

  private static boolean flatten(List<?> list, int depth, List<Integer> sizes, List<Cell> cells) {
    if (depth == sizes.size()) {
      sizes.add(list.size());
    }
    boolean fits = depth < MAX_DIMENSIONS && sizes.get(depth) == list.size();
    for (Object item : list) {
      if (item instanceof Cell cell) {
        fits &= depth == sizes.size() - 1;
        cells.add(cell);
      } else {
        fits = fits && item instanceof List<?> inner && flatten(inner, depth + 1, sizes, cells);
      }
    }
    return fits;
  }

  /** As PostgreSQL writes it, for the server to read. */
  private Verdict literal(List<Integer> sizes, List<Cell> cells, Verdict verdict, RowBuffer out) {
    RowBuffer one = new RowBuffer();
    List<String> texts = new ArrayList<>();
    Verdict worst = verdict;
    for (Cell cell : cells) {
      one.truncate(0);
      Verdict element = elements.encode(cell, one);
      if (element.rejected()) {
        return element;
      }
      worst = worst(worst, element);
      texts.add(cell.storage() == Storage.NULL ? "NULL" : quoted(one));
    }
    for (int i = sizes.size() - 1; i >= 0; i--) {
      texts = cells.isEmpty() ? List.of("{}") : grouped(texts, sizes.get(i));
    }
    out.field(texts.getFirst().getBytes(StandardCharsets.UTF_8));
    return worst;
  }

  private String quoted(RowBuffer one) {
    // Behind the length; before a jsonb document stands the version of its form.
    int from = elements.values() instanceof JsonEncoder ? 5 : 4;
    String text = new String(one.data(), from, one.size() - from, StandardCharsets.UTF_8);
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static List<String> grouped(List<String> texts, int size) {
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < texts.size(); i += size) {
      groups.add("{" + String.join(",", texts.subList(i, i + size)) + "}");
    }
    return groups;
  }

  private Verdict put(List<Integer> sizes, List<Cell> cells, Verdict verdict, RowBuffer out) {
    int start = out.size();
    int dimensions = cells.isEmpty() ? 0 : sizes.size();
    out.putInt(0);
    out.putInt(dimensions);
    out.putInt(cells.stream().anyMatch(cell -> cell.storage() == Storage.NULL) ? 1 : 0);
    out.putInt(oid);
    for (int i = 0; i < dimensions; i++) {
      out.putInt(sizes.get(i));
      out.putInt(1);
    }
    Verdict worst = verdict;
    for (Cell cell : cells) {
      Verdict one = elements.encode(cell, out);
      if (one.rejected()) {
        return one;
      }
      worst = worst(worst, one);
    }
    out.length(start);
    return worst;
  }
}
