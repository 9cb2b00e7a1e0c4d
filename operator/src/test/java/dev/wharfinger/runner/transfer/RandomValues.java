package dev.wharfinger.runner.transfer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;

/** Values as they stand in old databases: mostly right, often nearly right. */
final class RandomValues {
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1",
    "+1",
    "007",
    "2147483647",
    "2147483648",
    "-32769",
    "9007199254740993",
    "1e3",
    "1.0",
    "1.",
    ".5",
    "-1.50",
    "1e-400",
    "1e400",
    "NaN",
    "Infinity",
    "-inf",
    "0x10",
    "1_000",
    " 42 ",
    "",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999",
    "1e",
    "--1",
    "0.1",
  };
  private static final String[] WORDS = {
    "true",
    "FALSE",
    "yes",
    "No",
    "on",
    "OFF",
    "t",
    "F",
    "y",
    "tr",
    "null",
    "NULL",
    " true ",
    "x",
    "Zoë",
    "😀",
    "a\u0000b",
    "\uFEFF{}",
    "\u00a0 1",
    "\t1\n",
    "'; DROP TABLE t; --",
    "\\",
    "\\x00ff",
  };
  private static final String[] JSON = {
    "{}",
    "[]",
    "null",
    "\"\\u0000\"",
    "\"\\\\u0000\"",
    "{\"a\":1,\"a\":2}",
    "[1,]",
    "{\"a\":NaN}",
    "[1 2]",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "1e999",
    "-",
    "[[[[]]]]",
    "{\"b\":1.50,\"a\":[null,true]}",
    "'a'",
    "{a:1}",
    "\"\t\"",
    " [1] ",
    "01",
    "1.0e5",
    "-0.0",
    "[1e-5]",
    "{\"\":\"\"}",
    "//",
    "[1]x",
  };
  private static final String[] UUIDS = {
    "00010203-0405-0607-0809-0a0b0c0d0e0f",
    "000102030405060708090A0B0C0D0E0F",
    "{00010203-0405-0607-0809-0a0b0c0d0e0f}",
    "urn:uuid:00010203-0405-0607-0809-0a0b0c0d0e0f",
    "0001020-30405-0607-0809-0a0b0c0d0e0f",
    "00010203-0405-0607-0809-0a0b0c0d0e0",
    "0001-0203-0405",
  };

  private final Random random;

  RandomValues(long seed) {
    random = new Random(seed);
  }

  /** A Long, a Double, a byte[] of a text in an array, or a byte[] of a blob. */
  Object next(String type) {
    return switch (random.nextInt(type.startsWith("time") || type.equals("date") ? 2 : 6)) {
      case 2 -> integer();
      case 3 -> real();
      case 4 -> blob();
      default -> new byte[][] {text(type)};
    };
  }

  /** What counts {@code unit}s in a column of times: mostly a time that PostgreSQL has. */
  Object moment(String unit) {
    if (random.nextInt(8) == 0) {
      return random.nextBoolean() ? integer() : real();
    }
    long second =
        switch (random.nextInt(4)) {
          case 0 -> random.nextLong(-210_866_803_300L, 9_224_318_016_100L);
          case 1 -> random.nextInt(-40_000, 40_000) * 86_400L;
          default -> random.nextInt();
        };
    BigDecimal seconds = BigDecimal.valueOf(second);
    if (random.nextInt(3) == 0) {
      seconds = seconds.add(BigDecimal.valueOf(random.nextInt(1_000_000), random.nextInt(3, 8)));
    }
    BigDecimal number =
        switch (unit) {
          case "seconds" -> seconds;
          case "milliseconds" -> seconds.movePointRight(3);
          case "microseconds" -> seconds.movePointRight(6);
          case "nanoseconds" -> seconds.movePointRight(9);
          default ->
              seconds
                  .divide(BigDecimal.valueOf(86_400), MathContext.DECIMAL64)
                  .add(new BigDecimal("2440587.5"));
        };
    BigInteger whole = number.toBigInteger();
    return random.nextInt(3) == 0 || whole.bitLength() > 63
        ? (Object) number.doubleValue()
        : (Object) whole.longValue();
  }

  private Object integer() {
    return switch (random.nextInt(4)) {
      case 0 -> (long) random.nextInt(-2, 3);
      case 1 -> random.nextLong();
      case 2 -> (1L << random.nextInt(64)) + random.nextInt(-1, 2);
      default -> (long) random.nextInt();
    };
  }

  private Object real() {
    return switch (random.nextInt(4)) {
      case 0 -> (double) random.nextInt(-3, 4);
      case 1 -> finite(Double.longBitsToDouble(random.nextLong()));
      case 2 -> random.nextInt(1_000_000) / 100.0;
      default -> random.nextBoolean() ? Double.POSITIVE_INFINITY : random.nextDouble() * 1e20;
    };
  }

  private static double finite(double value) {
    return Double.isNaN(value) ? 0.1 : value;
  }

  private Object blob() {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? 16 : random.nextInt(5)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] text(String type) {
    String text =
        switch (type) {
          case "json", "jsonb" -> random.nextInt(4) == 0 ? pick(NUMBERS) : pick(JSON);
          case "uuid" -> pick(UUIDS);
          case "integer[]" -> array();
          case "timestamp", "timestamptz", "date", "time" -> time(type.equals("time"));
          case "boolean" -> random.nextBoolean() ? pick(WORDS) : pick(NUMBERS);
          default -> random.nextInt(3) == 0 ? pick(WORDS) : pick(NUMBERS);
        };
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(20) == 0 && bytes.length > 0) {
      bytes = Arrays.copyOf(bytes, bytes.length);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private String array() {
    String[] elements = {"7", "-1", "null", "1.0", "\"2\"", "2147483648", "0.5", "2147483647"};
    String text = "";
    for (int i = random.nextInt(4); i > 0; i--) {
      text += (text.isEmpty() ? "" : ", ") + pick(elements);
    }
    return random.nextInt(9) == 0 ? text : "[" + text + "]";
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  private String time(boolean clock) {
    String day =
        String.format(
            Locale.ROOT,
            "%04d-%02d-%02d",
            random.nextInt(4) == 0 ? random.nextInt(10000) : 1960 + random.nextInt(100),
            random.nextInt(14),
            random.nextInt(33));
    String time =
        String.format(Locale.ROOT, "%02d:%02d", random.nextInt(26), random.nextInt(62))
            + (random.nextBoolean() ? String.format(Locale.ROOT, ":%02d", random.nextInt(62)) : "");
    if (time.length() > 5 && random.nextBoolean()) {
      time += "." + "1234567890000".substring(0, 1 + random.nextInt(9));
    }
    if (clock) {
      return time;
    }
    String[] zones = {
      "", "", "Z", "+02:00", "-0530", "+05", " UTC", " +01:00", "+16:00", " PST", "z"
    };
    return switch (random.nextInt(5)) {
      case 0 -> day;
      case 1 -> day + "T" + time + pick(zones);
      default -> day + " " + time + pick(zones);
    };
  }

  /** A value as it can be read by people who have to mend what it broke. */
  static String show(Object value) {
    return switch (value) {
      case byte[][] text -> "text '" + new String(text[0], StandardCharsets.UTF_8) + "'";
      case byte[] blob -> "blob x'" + HexFormat.of().formatHex(blob) + "'";
      default -> value.getClass().getSimpleName() + " " + value;
    };
  }
}
