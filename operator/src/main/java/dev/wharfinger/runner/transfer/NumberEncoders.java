package dev.wharfinger.runner.transfer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Integers, floating point numbers, numeric and boolean. */
final class NumberEncoders {
  private static final long EXACT_IN_DOUBLE = 1L << 53;

  private NumberEncoders() {}

  /** int2, int4, int8 of {@code bytes} bytes. */
  static Encoder integer(int bytes) {
    return value ->
        switch (value) {
          case Value.Int i -> whole(i.value(), bytes, true);
          case Value.Real r
              when r.value() == Math.rint(r.value()) && Math.abs(r.value()) <= EXACT_IN_DOUBLE ->
              whole((long) r.value(), bytes, false);
          case Value.Real r -> Outcome.rejected("a fraction in an integer column");
          case Value.Text t -> wholeText(t, bytes);
          case Value.Blob b -> Outcome.rejected("bytes in an integer column");
          case Value.Null n -> Outcome.NULL;
        };
  }

  private static Outcome whole(long value, int bytes, boolean exact) {
    int spare = 64 - 8 * bytes;
    if ((value << spare) >> spare != value) {
      return Outcome.rejected("out of the range of a " + bytes + "-byte integer");
    }
    byte[] field = new byte[bytes];
    System.arraycopy(ByteBuffer.allocate(8).putLong(value).array(), 8 - bytes, field, 0, bytes);
    return exact
        ? Outcome.exact(field)
        : Outcome.normalised(field, "whole number stored as real or text");
  }

  private static Outcome wholeText(Value.Text text, int bytes) {
    String trimmed = ascii(text).strip();
    if (!trimmed.matches("[+-]?[0-9]{1,19}")) {
      return Outcome.rejected("text that is not a whole number in an integer column");
    }
    try {
      return whole(Long.parseLong(trimmed), bytes, false);
    } catch (NumberFormatException e) {
      return Outcome.rejected("out of the range of a " + bytes + "-byte integer");
    }
  }

  /** float8. */
  static Encoder float8() {
    return value ->
        switch (value) {
          case Value.Real r -> Outcome.exact(ByteBuffer.allocate(8).putDouble(r.value()).array());
          case Value.Int i when Math.abs(i.value()) <= EXACT_IN_DOUBLE ->
              Outcome.exact(ByteBuffer.allocate(8).putDouble(i.value()).array());
          case Value.Int i -> Outcome.rejected("an integer that a double cannot hold exactly");
          case Value.Text t
              when ascii(t).strip().matches("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?") ->
              Outcome.normalised(
                  ByteBuffer.allocate(8).putDouble(Double.parseDouble(ascii(t).strip())).array(),
                  "number stored as text");
          case Value.Text t ->
              Outcome.rejected("text that is not a number in a floating point column");
          case Value.Blob b -> Outcome.rejected("bytes in a floating point column");
          case Value.Null n -> Outcome.NULL;
        };
  }

  /** float4: only values that it holds exactly. */
  static Encoder float4() {
    Encoder wide = float8();
    return value -> {
      Outcome outcome = wide.encode(value);
      byte[] bytes = outcome.bytes();
      if (bytes == null) {
        return outcome;
      }
      double number = ByteBuffer.wrap(bytes).getDouble();
      if ((float) number != number) {
        return Outcome.rejected("a number that a 4-byte real cannot hold exactly");
      }
      return new Outcome(
          ByteBuffer.allocate(4).putFloat((float) number).array(), outcome.kind(), outcome.rule());
    };
  }

  /** boolean. */
  static Encoder bool() {
    return value ->
        switch (value) {
          case Value.Int i when i.value() == 0 || i.value() == 1 ->
              Outcome.exact(bit(i.value() == 1));
          case Value.Int i -> Outcome.rejected("an integer other than 0 and 1 in a boolean column");
          case Value.Real r when r.value() == 0 || r.value() == 1 ->
              Outcome.normalised(bit(r.value() == 1), "boolean stored as real");
          case Value.Real r -> Outcome.rejected("a number other than 0 and 1 in a boolean column");
          case Value.Text t -> boolText(t);
          case Value.Blob b -> Outcome.rejected("bytes in a boolean column");
          case Value.Null n -> Outcome.NULL;
        };
  }

  private static Outcome boolText(Value.Text text) {
    return switch (ascii(text).strip().toLowerCase(Locale.ROOT)) {
      case "t", "true", "yes", "on", "1" -> Outcome.normalised(bit(true), "boolean stored as text");
      case "f", "false", "no", "off", "0" ->
          Outcome.normalised(bit(false), "boolean stored as text");
      default -> Outcome.rejected("text that is not a boolean word in a boolean column");
    };
  }

  private static byte[] bit(boolean value) {
    return new byte[] {(byte) (value ? 1 : 0)};
  }

  /**
   * numeric.
   *
   * @param precision digits at most, 0 for unlimited
   * @param scale digits after the point at most
   */
  static Encoder numeric(int precision, int scale) {
    return new Encoder() {
      @Override
      public Outcome encode(Value value) {
        return switch (value) {
          case Value.Int i -> decimal(BigDecimal.valueOf(i.value()), true);
          case Value.Real r when Double.isFinite(r.value()) ->
              decimal(new BigDecimal(Double.toString(r.value())), false);
          case Value.Real r -> Outcome.rejected("an infinite number in a numeric column");
          case Value.Text t
              when ascii(t).strip().matches("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?") ->
              decimal(new BigDecimal(ascii(t).strip()), false);
          case Value.Text t -> Outcome.rejected("text that is not a number in a numeric column");
          case Value.Blob b -> Outcome.rejected("bytes in a numeric column");
          case Value.Null n -> Outcome.NULL;
        };
      }

      private Outcome decimal(BigDecimal value, boolean exact) {
        BigDecimal plain = value.stripTrailingZeros();
        if (precision > 0) {
          if (plain.scale() > scale) {
            return Outcome.rejected(
                "more digits after the point than numeric(" + precision + "," + scale + ")");
          }
          if (plain.precision() - plain.scale() > precision - scale) {
            return Outcome.rejected(
                "more digits before the point than numeric(" + precision + "," + scale + ")");
          }
        }
        byte[] field = numericField(plain);
        return exact
            ? Outcome.exact(field)
            : Outcome.normalised(field, "decimal stored as real or text");
      }

      @Override
      public byte[] canonical(byte[] field) {
        byte[] canonical = field.clone();
        canonical[6] = 0;
        canonical[7] = 0;
        return canonical;
      }
    };
  }

  /** Base-10000 digits as PostgreSQL keeps them, without leading or trailing zero digits. */
  private static byte[] numericField(BigDecimal value) {
    int scale = Math.max(0, value.scale());
    int padded = (scale + 3) / 4 * 4;
    BigInteger unscaled = value.abs().setScale(padded).unscaledValue();
    java.util.ArrayDeque<Integer> digits = new java.util.ArrayDeque<>();
    BigInteger base = BigInteger.valueOf(10_000);
    while (unscaled.signum() != 0) {
      BigInteger[] parts = unscaled.divideAndRemainder(base);
      digits.addFirst(parts[1].intValue());
      unscaled = parts[0];
    }
    int weight = digits.size() - padded / 4 - 1;
    while (!digits.isEmpty() && digits.peekLast() == 0) {
      digits.removeLast();
    }
    ByteBuffer buffer = ByteBuffer.allocate(8 + 2 * digits.size());
    buffer.putShort((short) digits.size());
    buffer.putShort((short) (digits.isEmpty() ? 0 : weight));
    buffer.putShort((short) (value.signum() < 0 ? 0x4000 : 0));
    buffer.putShort((short) scale);
    digits.forEach(digit -> buffer.putShort(digit.shortValue()));
    return buffer.array();
  }

  private static String ascii(Value.Text text) {
    return new String(text.bytes(), StandardCharsets.ISO_8859_1);
  }
}
