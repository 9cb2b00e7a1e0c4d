package dev.wharfinger.runner.transfer.codec;

import java.util.List;

/**
 * A column's type.
 *
 * @param name name of the base type in the catalogue, for example {@code int8}; {@code enum} for
 *     any enum type; with {@code array:} before it for an array of it
 * @param typmod type modifier as in the catalogue, -1 without
 * @param labels labels of an enum type
 * @param elementOid object id of an array's elements' type
 */
public record TargetType(String name, int typmod, List<String> labels, int elementOid) {
  private static final String ARRAY = "array:";

  /** The type of a name, without labels. */
  public static TargetType of(String name, int typmod) {
    return new TargetType(name, typmod, List.of(), 0);
  }

  /** The name of an array of {@code element}. */
  public static String arrayOf(String element) {
    return ARRAY + element;
  }

  boolean array() {
    return name.startsWith(ARRAY);
  }

  TargetType element() {
    return new TargetType(name.substring(ARRAY.length()), typmod, labels, 0);
  }

  /** Digits after the point of a numeric, where it says. */
  int scale() {
    return NumericEncoder.of(typmod).scale();
  }

  /** Whether it keeps characters. */
  public boolean characters() {
    return switch (name) {
      case "text", "citext", "varchar", "bpchar" -> true;
      default -> false;
    };
  }

  /** Whether empty text is a value like any other. */
  boolean textual() {
    return switch (name) {
      case "text", "citext", "varchar", "bpchar", "bytea", "enum", "xml", "tsvector", "varbit" ->
          true;
      case "hstore", "ltree" -> true;
      default -> false;
    };
  }
}
