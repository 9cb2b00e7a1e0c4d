package dev.wharfinger.runner.transfer;

import java.util.List;

/**
 * A table of the target.
 *
 * @param oid pg_class oid
 * @param name as PostgreSQL has it
 * @param columns all columns
 */
record TargetTable(long oid, String name, List<TargetColumn> columns) {

  /**
   * A column.
   *
   * @param type base type's name in pg_type (domains are resolved)
   * @param typmod type modifier, -1 for none
   * @param notNull NOT NULL
   * @param generated a stored generated column, never written
   * @param hasDefault a default or an identity fills it
   * @param labels an enum's labels, empty for other types
   */
  record TargetColumn(
      String name,
      String type,
      int typmod,
      boolean notNull,
      boolean generated,
      boolean hasDefault,
      List<String> labels) {

    /** The encoder for this column's type. */
    Encoder encoder() {
      if (!labels.isEmpty()) {
        return TextEncoders.label(labels);
      }
      return switch (type) {
        case "int2" -> NumberEncoders.integer(2);
        case "int4" -> NumberEncoders.integer(4);
        case "int8" -> NumberEncoders.integer(8);
        case "float4" -> NumberEncoders.float4();
        case "float8" -> NumberEncoders.float8();
        case "numeric" ->
            typmod < 4
                ? NumberEncoders.numeric(0, 0)
                : NumberEncoders.numeric((typmod - 4) >> 16, (typmod - 4) & 0x7ff);
        case "bool" -> NumberEncoders.bool();
        case "text", "citext" -> TextEncoders.text(0, false);
        case "varchar" -> TextEncoders.text(Math.max(0, typmod - 4), false);
        case "bpchar" -> TextEncoders.text(Math.max(0, typmod - 4), true);
        case "bytea" -> TextEncoders.bytes();
        case "uuid" -> TextEncoders.uuid();
        case "json" -> TextEncoders.json();
        case "jsonb" -> TextEncoders.jsonb();
        case "timestamp", "timestamptz" -> TimeEncoders.timestamp();
        case "date" -> TimeEncoders.date();
        case "time" -> TimeEncoders.time();
        default -> value -> Outcome.rejected("type " + type + " is not supported yet");
      };
    }
  }
}
