package dev.wharfinger.runner.transfer.codec;

import java.util.List;

/** Finds the encoder of a target type. */
public final class Encoders {
  private static final Verdict UNSUPPORTED = Verdict.rejected("target-type-not-supported");

  private Encoders() {}

  /**
   * The encoder of a column.
   *
   * @param type name of the base type in the catalogue, for example {@code int8}; {@code enum} for
   *     any enum type
   * @param typmod type modifier as in the catalogue, -1 without
   * @param labels labels of an enum type
   */
  public static ColumnEncoder of(
      String type, int typmod, List<String> labels, boolean notNull, ColumnFacts facts) {
    int length = Math.max(0, typmod - 4);
    int digits = typmod < 0 ? 6 : Math.min(typmod, 6);
    EpochUnit unit = EpochUnit.of(facts);
    boolean words = facts.texts() > 0 && facts.texts() == facts.booleanWords();
    ValueEncoder values =
        switch (type) {
          case "int2" -> new IntegerEncoder(2, words);
          case "int4" -> new IntegerEncoder(4, words);
          case "int8" -> new IntegerEncoder(8, words);
          case "float4" -> new FloatEncoder(true);
          case "float8" -> new FloatEncoder(false);
          case "numeric" -> NumericEncoder.of(typmod);
          case "bool" -> new BooleanEncoder();
          case "text", "citext" -> new TextEncoder(0, false);
          case "varchar" -> new TextEncoder(length, false);
          case "bpchar" -> new TextEncoder(length, true);
          case "bytea" -> new BytesEncoder();
          case "uuid" -> new UuidEncoder();
          case "json" -> new JsonEncoder(false);
          case "jsonb" -> new JsonEncoder(true);
          case "timestamp" -> new TimeEncoder(TimeEncoder.Kind.TIMESTAMP, digits, unit);
          case "timestamptz" -> new TimeEncoder(TimeEncoder.Kind.TIMESTAMPTZ, digits, unit);
          case "date" -> new TimeEncoder(TimeEncoder.Kind.DATE, 6, unit);
          case "time" -> new TimeEncoder(TimeEncoder.Kind.TIME, digits, EpochUnit.NONE);
          case "enum" -> new EnumEncoder(labels);
          default -> (cell, out) -> UNSUPPORTED;
        };
    boolean textual =
        switch (type) {
          case "text", "citext", "varchar", "bpchar", "bytea", "enum" -> true;
          default -> false;
        };
    return new ColumnEncoder(values, notNull, !textual);
  }

  /** Whether the encoder of {@code type} wants to know its column before the first value. */
  public static boolean needsFacts(String type) {
    return switch (type) {
      case "timestamp", "timestamptz", "date", "int2", "int4", "int8" -> true;
      default -> false;
    };
  }
}
