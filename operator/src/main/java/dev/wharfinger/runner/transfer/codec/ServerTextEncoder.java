package dev.wharfinger.runner.transfer.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type that the server itself reads from text. Here only that is looked at which the server would
 * take without a word: an offset that it drops, or {@code now}.
 *
 * @param type name of the type
 * @param unit what numbers count where the type is interval; NONE where nobody said
 */
record ServerTextEncoder(String type, EpochUnit unit) implements ValueEncoder {
  private static final Verdict SERVER = Verdict.normalised("text-read-by-server");

  /** The server passes over other punctuation, and makes a second of $1.00. */
  private static final Pattern IN_WORDS =
      Pattern.compile("@?[A-Za-z0-9 \\t+.,/-]*(?::[A-Za-z0-9 \\t+.,/-]+)*");

  private static final Verdict NO_INTERVAL = Verdict.rejected("text-is-no-interval");
  private static final Verdict INTERVAL = Verdict.normalised("epoch-date-to-interval");
  private static final Verdict UNIT = Verdict.chosen(PolicyKind.EPOCH_UNIT);
  private static final Verdict AMBIGUOUS = Verdict.rejected("epoch-unit-ambiguous");
  private static final Verdict PRECISION = Verdict.rejected("time-precision-lost");
  private static final Verdict NUL = Verdict.rejected("nul-character-in-text");
  private static final Verdict NOT_UTF8 = Verdict.rejected("text-is-not-utf-8");
  private static final Verdict NO_OFFSET = Verdict.normalised("no-offset-taken-as-utc");
  private static final Verdict NO_TIME = Verdict.rejected("text-is-no-time");
  private static final Verdict TIME_SPAN_READ = Verdict.normalised("time-span-to-interval");
  private static final Pattern TIME_SPAN =
      Pattern.compile("(-?)(?:(\\d{1,8})\\.)?(\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,7}))?");
  private static final Pattern WORDS = Pattern.compile("(?i)infinity|empty|[0-9]T[0-9]|[0-9]Z");
  private static final Pattern CLOCK =
      Pattern.compile(
          "\\d{1,2}:\\d{2}(:[0-5]\\d(\\.\\d+)?)?\\s*(Z|[+-]\\d{1,2}(:?\\d{2}(:?\\d{2})?)?)?");
  private static final Pattern OFFSET =
      Pattern.compile("\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?\\s*[+-]\\d|Z");

  @Override
  public Verdict encode(Cell cell, RowBuffer out) {
    if (type.equals("interval") && counts(cell)) {
      return number(cell, out);
    } else if (cell.storage() != Storage.TEXT) {
      return WRONG_STORAGE;
    }
    int length = Utf8.length(cell.bytes());
    if (length < 0) {
      return length == Utf8.NUL ? NUL : NOT_UTF8;
    }
    String text = new String(cell.bytes(), StandardCharsets.UTF_8);
    Verdict lost = Loss.of(type, text);
    if (lost != null) {
      return lost;
    }
    if (type.equals("interval")) {
      return interval(cell, out);
    }
    if (moody(text)) {
      return NO_TIME;
    }
    out.field(cell.bytes());
    return type.equals("timetz") && !OFFSET.matcher(text).find() ? NO_OFFSET : SERVER;
  }

  private static boolean counts(Cell cell) {
    return switch (cell.storage()) {
      case INTEGER -> true;
      case REAL -> !Double.isInfinite(cell.real());
      case TEXT -> FloatEncoder.DECIMAL.matcher(cell.ascii()).matches();
      case BLOB, NULL -> false;
    };
  }

  /** The server would take a bare number for seconds; Django, for one, writes microseconds. */
  private Verdict number(Cell cell, RowBuffer out) {
    if (unit == EpochUnit.NONE || unit == EpochUnit.JULIAN_DAYS) {
      return AMBIGUOUS;
    }
    String text =
        switch (cell.storage()) {
          case INTEGER -> Long.toString(cell.integer());
          case REAL -> Double.toString(cell.real());
          default -> cell.ascii();
        };
    try {
      put(unit.micros(new BigDecimal(text), false), out);
      return UNIT;
    } catch (ArithmeticException e) {
      return PRECISION;
    }
  }

  private static void put(long micros, RowBuffer out) {
    out.field((micros + " microseconds").getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * SQLAlchemy keeps an interval as the moment that is so far from 1970-01-01; .NET writes
   * 1.02:03:04 for a day and two hours, in which the server would read the fraction of a day.
   */
  private static Verdict interval(Cell cell, RowBuffer out) {
    Matcher span = TIME_SPAN.matcher(cell.ascii());
    if (span.matches()) {
      return timeSpan(span, out);
    }
    try {
      TimeText time = TimeText.parse(cell.ascii());
      if (!time.lossy() && !time.offset()) {
        put(time.micros(), out);
        return INTERVAL;
      }
    } catch (DateTimeException e) {
      // Not a moment, so an interval in words; the server will see.
    }
    if (!IN_WORDS.matcher(cell.ascii()).matches()) {
      return NO_INTERVAL;
    }
    out.field(cell.bytes());
    return SERVER;
  }

  private static Verdict timeSpan(Matcher span, RowBuffer out) {
    String digits = span.group(6) == null ? "" : span.group(6);
    long ticks = Long.parseLong((digits + "0000000").substring(0, 7));
    if (ticks % 10 != 0) {
      return PRECISION;
    }
    long days = span.group(2) == null ? 0 : Long.parseLong(span.group(2));
    long minutes = (days * 24 + Long.parseLong(span.group(3))) * 60 + Long.parseLong(span.group(4));
    long micros = (minutes * 60 + Long.parseLong(span.group(5))) * 1_000_000 + ticks / 10;
    put(span.group(1).isEmpty() ? micros : -micros, out);
    return TIME_SPAN_READ;
  }

  private boolean moody(String text) {
    return switch (type) {
      case "daterange", "datemultirange", "tsrange", "tsmultirange" ->
          OFFSET.matcher(text).find() || words(text);
      case "tstzrange", "tstzmultirange" -> words(text);
      case "timetz" -> !CLOCK.matcher(text.strip()).matches();
      default -> false;
    };
  }

  private static boolean words(String text) {
    String rest = WORDS.matcher(text).replaceAll("");
    return rest.indexOf('/') >= 0 || rest.chars().anyMatch(Character::isLetter);
  }

  static boolean reads(String type) {
    return switch (type) {
      case "inet", "cidr", "macaddr", "macaddr8", "interval", "bit", "varbit", "xml" -> true;
      case "tsvector", "tsquery", "hstore", "ltree", "timetz", "pg_lsn" -> true;
      case "point", "line", "lseg", "box", "path", "polygon", "circle" -> true;
      case "int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange" -> true;
      case "int4multirange", "int8multirange", "nummultirange" -> true;
      case "datemultirange", "tsmultirange", "tstzmultirange" -> true;
      default -> false;
    };
  }
}
