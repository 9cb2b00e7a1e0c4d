package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.codec.Cell;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.Json;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.Verdict;
import dev.wharfinger.runner.transfer.format.Field;
import dev.wharfinger.runner.transfer.format.NumericFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Takes values of SQLite forward and compares them with what PostgreSQL has. */
final class Comparison {
  private static final Verdict LOST = Verdict.rejected("value-does-not-come-back");
  private static final Verdict CHANGED = Verdict.rejected("changed-by-affinity");
  private static final Verdict SCALE = Verdict.normalised("zeros-behind-the-point-dropped");
  private static final Verdict SIGN = Verdict.normalised("sign-of-zero-dropped");
  private static final Verdict SPELLING = Verdict.normalised("json-document-kept-not-its-spelling");
  private final RowBuffer buffer = new RowBuffer();
  private final Field back = new Field();

  /**
   * Says what becomes of a value.
   *
   * @param cell as SQLite will have it
   * @param field as PostgreSQL has it, also {@code length} bytes of {@code data} from {@code start}
   */
  Verdict forward(BackColumn column, Cell cell, Field field, byte[] data, int start, int length) {
    return forward(column, column.encoder, cell, field, data, start, length);
  }

  /** The same by another way forward. */
  Verdict forward(
      BackColumn column,
      ColumnEncoder encoder,
      Cell cell,
      Field field,
      byte[] data,
      int start,
      int length) {
    buffer.truncate(0);
    if (encoder.encode(cell, buffer).rejected()) {
      return lost(column, cell);
    }
    int sent = ByteBuffer.wrap(buffer.data()).getInt(0);
    if (sent == length && Arrays.equals(buffer.data(), 4, 4 + sent, data, start, start + length)) {
      return Verdict.EXACT;
    }
    if (sent < 0) {
      return lost(column, cell);
    }
    back.set(buffer.data(), 4, sent);
    return switch (column.type) {
      case "numeric" ->
          NumericFormat.value(field).compareTo(NumericFormat.value(back)) == 0
              ? SCALE
              : lost(column, cell);
      case "jsonb" ->
          Arrays.equals(Json.canonical(field.bytes(1)), Json.canonical(back.bytes(1)))
              ? SPELLING
              : lost(column, cell);
      case "float4", "float8" -> zero(field) && zero(back) ? SIGN : lost(column, cell);
      default -> lost(column, cell);
    };
  }

  /** Whether a value becomes NULL. */
  boolean becomesNull(ColumnEncoder encoder, Cell cell) {
    buffer.truncate(0);
    return !encoder.encode(cell, buffer).rejected() && ByteBuffer.wrap(buffer.data()).getInt(0) < 0;
  }

  private static boolean zero(Field field) {
    long bits = field.number();
    return field.length() == 8 ? bits << 1 == 0 : (int) bits << 1 == 0;
  }

  private static Verdict lost(BackColumn column, Cell cell) {
    boolean text = column.type.matches("text|varchar|bpchar|citext|json|enum|uuid|timestamp.*");
    return text
            && cell.storage() != dev.wharfinger.runner.transfer.codec.Storage.TEXT
            && cell.storage() != dev.wharfinger.runner.transfer.codec.Storage.BLOB
        ? CHANGED
        : LOST;
  }
}
