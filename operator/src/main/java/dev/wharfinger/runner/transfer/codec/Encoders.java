package dev.wharfinger.runner.transfer.codec;

import java.time.ZoneId;
import java.time.ZoneOffset;

/** Finds the encoder of a target type. */
public final class Encoders {
  private static final Verdict UNSUPPORTED = Verdict.rejected("target-type-not-supported");
  private static final ValueEncoder NO_ENCODER = (cell, out) -> UNSUPPORTED;

  private Encoders() {}

  /** The encoder of a column. */
  public static ColumnEncoder of(
      TargetType type, boolean notNull, ColumnFacts facts, Choices choices) {
    return new ColumnEncoder(
        values(type, facts, choices), notNull, !type.textual(), new Remedies(type, choices));
  }

  private static ValueEncoder values(TargetType type, ColumnFacts facts, Choices choices) {
    int length = Math.max(0, type.typmod() - 4);
    boolean words = facts.texts() > 0 && facts.texts() == facts.booleanWords();
    boolean lastKey = choices.has(PolicyKind.JSON_DUPLICATE_KEY);
    return switch (type.name()) {
      case "int2" -> new IntegerEncoder(2, words);
      case "int4" -> new IntegerEncoder(4, words);
      case "int8" -> new IntegerEncoder(8, words);
      case "float4" -> new FloatEncoder(true);
      case "float8" -> new FloatEncoder(false);
      case "numeric" -> NumericEncoder.of(type.typmod());
      case "bool" -> new BooleanEncoder();
      case "text", "citext" -> new TextEncoder(0, false);
      case "varchar" -> new TextEncoder(length, false);
      case "bpchar" -> new TextEncoder(length, true);
      case "bytea" -> new BytesEncoder();
      case "uuid" -> new UuidEncoder();
      case "json" -> new JsonEncoder(false, false);
      case "jsonb" -> new JsonEncoder(true, lastKey);
      case "timestamp" -> time(TimeEncoder.Kind.TIMESTAMP, type, facts, choices);
      case "timestamptz" -> time(TimeEncoder.Kind.TIMESTAMPTZ, type, facts, choices);
      case "date" -> time(TimeEncoder.Kind.DATE, type, facts, choices);
      case "time" -> time(TimeEncoder.Kind.TIME, type, facts, choices);
      case "enum" -> new EnumEncoder(type.labels());
      case "money" -> new MoneyEncoder(type.scale());
      default -> rare(type, facts, choices);
    };
  }

  private static ValueEncoder rare(TargetType type, ColumnFacts facts, Choices choices) {
    if (type.array() && (isElement(type.element().name()) || readByServer(type.name()))) {
      boolean bytes = type.element().name().equals("bytea");
      ValueEncoder elements =
          bytes ? ElementEncoder::bytes : values(type.element(), facts, choices);
      return new ArrayEncoder(
          new ColumnEncoder(elements, false, false, new Remedies(type.element(), choices)),
          readByServer(type.name()) ? 0 : type.elementOid());
    }
    return readByServer(type.name())
        ? new ServerTextEncoder(
            type.name(),
            choices.get(PolicyKind.EPOCH_UNIT).map(EpochUnit::of).orElse(EpochUnit.NONE))
        : NO_ENCODER;
  }

  /** Whether there is a rule for the type. */
  public static boolean supports(TargetType type) {
    return values(type, ColumnFacts.NONE, Choices.NONE) != NO_ENCODER;
  }

  private static boolean isElement(String type) {
    return switch (type) {
      case "bool", "int2", "int4", "int8", "float4", "float8", "numeric", "uuid" -> true;
      case "text", "varchar", "bpchar", "citext", "enum" -> true;
      case "date", "time", "timestamp", "timestamptz", "money", "json", "bytea" -> true;
      default -> false;
    };
  }

  private static TimeEncoder time(
      TimeEncoder.Kind kind, TargetType type, ColumnFacts facts, Choices choices) {
    int digits =
        kind == TimeEncoder.Kind.DATE || type.typmod() < 0 ? 6 : Math.min(type.typmod(), 6);
    EpochUnit unit =
        kind == TimeEncoder.Kind.TIME
            ? EpochUnit.NONE
            : choices.get(PolicyKind.EPOCH_UNIT).map(EpochUnit::of).orElse(EpochUnit.of(facts));
    ZoneId zone =
        choices.get(PolicyKind.SOURCE_TIME_ZONE).<ZoneId>map(ZoneId::of).orElse(ZoneOffset.UTC);
    return new TimeEncoder(kind, digits, unit, zone, choices.has(PolicyKind.TIME_PRECISION));
  }

  /** Whether the type is sent as text, for the server to read. */
  public static boolean readByServer(String type) {
    TargetType whole = TargetType.of(type, -1);
    String element = whole.array() ? whole.element().name() : type;
    // The bytes of a jsonb document are not those that were sent; boxes are divided by semicolons.
    return whole.array() && element.equals("jsonb")
        || ServerTextEncoder.reads(element) && !(whole.array() && element.equals("box"));
  }

  /** Whether the encoder of {@code type} wants to know its column before the first value. */
  public static boolean needsFacts(String type) {
    return switch (type) {
      case "timestamp", "timestamptz", "date", "int2", "int4", "int8" -> true;
      default -> false;
    };
  }
}
