package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.codec.Choices;
import dev.wharfinger.runner.transfer.codec.ColumnEncoder;
import dev.wharfinger.runner.transfer.codec.ColumnFacts;
import dev.wharfinger.runner.transfer.codec.Encoders;
import dev.wharfinger.runner.transfer.codec.RowBuffer;
import dev.wharfinger.runner.transfer.codec.TargetType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random values that a type can hold, as this class alone judges it: none of them may be refused.
 * What arrives is judged elsewhere.
 */
class NeedlessRefusalsTest {
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
  private static final int VALUES = 20_000;
  private static final Set<String> WORDS =
      Set.of("t", "f", "true", "false", "yes", "no", "y", "n", "on", "off", "0", "1");
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,25}");
  private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]{1,30}(?:\\.[0-9]{1,30})?");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final String CLOCK = "([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\\.[0-9]{1,6})?";
  private static final Pattern TIME = Pattern.compile(CLOCK);
  private static final Pattern DATE = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})");
  private static final Pattern MOMENT =
      Pattern.compile(DATE.pattern() + "[ T]" + CLOCK + "(?:Z|[+-]0[0-9]:[0-5][0-9])?");

  /** With how many of the values it has to be a test at all. */
  @ParameterizedTest
  @CsvSource({
    "int2, smallint, 200",
    "int4, integer, 500",
    "int8, bigint, 500",
    "numeric, numeric, 500",
    "float8, double precision, 500",
    "float4, real, 200",
    "bool, boolean, 200",
    "text, text, 500",
    "bytea, bytea, 500",
    "uuid, uuid, 100",
    "json, json, 200",
    "jsonb, jsonb, 200",
    "timestamp, timestamp, 100",
    "timestamptz, timestamptz, 100",
    "date, date, 50",
    "time, time, 50"
  })
  void whatTheTypeCanHoldIsNotRefused(String name, String type, int least) {
    RandomValues values = new RandomValues(SEED);
    ColumnEncoder encoder =
        Encoders.of(TargetType.of(name, -1), false, ColumnFacts.NONE, Choices.NONE);
    int held = 0;
    for (int i = 0; i < VALUES; i++) {
      Object value = values.next(type);
      if (holds(name, value)) {
        held++;
        var verdict = encoder.encode(FuzzIT.cell(value), new RowBuffer());
        assertThat(verdict.rejected())
            .as("%s with seed %d: %s: %s", type, SEED, RandomValues.show(value), verdict.rule())
            .isFalse();
      }
    }
    assertThat(held).as("values for %s with seed %d", type, SEED).isGreaterThan(least);
  }

  private static boolean holds(String type, Object value) {
    return switch (value) {
      case Long integer -> integer(type, integer);
      case Double real -> real(type, real);
      case byte[][] text -> text(type, text[0]);
      default -> bytes(type, (byte[]) value);
    };
  }

  private static boolean integer(String type, long value) {
    return switch (type) {
      case "int2", "int4", "int8" -> fits(type, BigInteger.valueOf(value));
      case "float4" -> Math.abs(value) <= 1 << 24;
      case "float8" -> Math.abs(value) <= 1L << 53;
      case "bool" -> value == 0 || value == 1;
      case "numeric", "text", "json", "jsonb" -> true;
      default -> false;
    };
  }

  private static boolean real(String type, double value) {
    boolean finite = Double.isFinite(value);
    return switch (type) {
      case "int2", "int4", "int8" ->
          finite
              && value == Math.rint(value)
              && Math.abs(value) <= 0x1p53
              && fits(type, new BigDecimal(value).toBigInteger());
      case "float4" -> finite && (float) value == value;
      case "float8" -> true;
      case "bool" -> value == 0 || value == 1;
      case "numeric", "text", "json", "jsonb" -> finite;
      default -> false;
    };
  }

  private static boolean fits(String type, BigInteger value) {
    int bits =
        switch (type) {
          case "int2" -> 15;
          case "int4" -> 31;
          default -> 63;
        };
    return value.bitLength() <= bits;
  }

  private static boolean bytes(String type, byte[] value) {
    return switch (type) {
      case "bytea" -> true;
      case "uuid" -> value.length == 16;
      case "text" -> characters(value) != null;
      default -> false;
    };
  }

  private static boolean text(String type, byte[] stored) {
    String text = characters(stored);
    if (text == null) {
      return type.equals("bytea");
    }
    return switch (type) {
      case "int2", "int4", "int8" ->
          WHOLE.matcher(text).matches() && fits(type, new BigInteger(text.replace("+", "")));
      case "numeric" -> DECIMAL.matcher(text).matches();
      case "float8" ->
          DECIMAL.matcher(text).matches()
              && new BigDecimal(text).stripTrailingZeros().precision() <= 15;
      case "bool" -> WORDS.contains(text.toLowerCase(Locale.ROOT));
      case "text", "bytea" -> true;
      case "uuid" -> UUID.matcher(text).matches();
      case "timestamp", "timestamptz" -> there(MOMENT.matcher(text)) || there(DATE.matcher(text));
      case "date" -> there(DATE.matcher(text));
      case "time" -> time(TIME.matcher(text), 1);
      default -> false;
    };
  }

  /** Whether there was such a day, and such a time of day. */
  private static boolean there(Matcher matcher) {
    try {
      return matcher.matches()
          && LocalDate.parse(matcher.group(1)).getYear() > 1
          && LocalDate.parse(matcher.group(1)).getYear() < 9999
          && (matcher.groupCount() == 1 || time(matcher, 2));
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean time(Matcher matcher, int group) {
    try {
      return matcher.matches() && LocalTime.parse(matcher.group(group)) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Null where it is no text that PostgreSQL can hold. */
  private static @Nullable String characters(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf(0) < 0 ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
