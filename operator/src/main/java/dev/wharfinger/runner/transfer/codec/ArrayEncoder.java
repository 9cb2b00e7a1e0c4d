package dev.wharfinger.runner.transfer.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array: a JSON array or PostgreSQL's own way to write one. Its elements go through the encoder
 * of their type, as if each of them were a value of a column.
 *
 * @param elements encoder of the elements
 * @param oid object id of the elements' type
 */
record ArrayEncoder(ColumnEncoder elements, int oid) implements ValueEncoder {
  private static final Verdict JSON = Verdict.normalised("json-array-to-array");
  private static final Verdict LITERAL = Verdict.normalised("array-literal-to-array");
  private static final Verdict NO_ARRAY = Verdict.rejected("text-is-no-array");
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
    Object parsed = text.startsWith("[") ? json(text) : ArrayLiteral.parse(text);
    List<Integer> sizes = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    if (!(parsed instanceof List<?> list) || !flatten(list, 0, sizes, cells)) {
      return NO_ARRAY;
    }
    return put(sizes, cells, text.startsWith("[") ? JSON : LITERAL, out);
  }

  private static @Nullable Object json(String text) {
    try {
      return value(Json.parse(text, true));
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static Object value(JsonNode node) {
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(item -> list.add(value(item)));
      return list;
    }
    Cell cell = new Cell();
    if (node.isNull()) {
      return cell.setNull();
    } else if (node.isBoolean()) {
      return cell.setText(node.asText());
    } else if (node.isTextual()) {
      return cell.setText(node.textValue());
    }
    // A number keeps all its digits as text; an object has no counterpart in any element.
    return node.isNumber() ? cell.setText(node.decimalValue().toString()) : NO_ARRAY;
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
      if (one.grade() == Verdict.Grade.CHOSEN) {
        worst = one;
      }
    }
    out.length(start);
    return worst;
  }
}
