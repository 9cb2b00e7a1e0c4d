package dev.wharfinger.runner.transfer.codec;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the server would take from a text without a word, and not keep. */
final class Loss {
  private static final Verdict TIME = Verdict.rejected("time-precision-lost");
  private static final Verdict FLOAT = Verdict.rejected("float-precision-lost");
  private static final Verdict LINE = Verdict.rejected("line-through-points-computed");
  private static final Verdict KEY = Verdict.rejected("duplicate-key-in-hstore");
  private static final Verdict UNREADABLE = Verdict.rejected("text-rejected-by-server");

  /** Nothing is kept beyond the microsecond. */
  private static final Pattern FINER = Pattern.compile("\\.\\d{6}\\d*[1-9]");

  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

  private Loss() {}

  /** Why the type would not keep all of the text; null where nothing is known against it. */
  static @Nullable Verdict of(String type, String text) {
    return switch (type) {
      case "interval", "timetz", "tsrange", "tstzrange", "tsmultirange", "tstzmultirange" ->
          FINER.matcher(text).find() ? TIME : null;
      case "line" -> text.strip().startsWith("{") ? coordinates(text) : LINE;
      case "hstore" -> pairs(text);
      case "point", "lseg", "box", "path", "polygon", "circle" -> coordinates(text);
      default -> null;
    };
  }

  private static @Nullable Verdict pairs(String text) {
    Optional<Hstore> pairs = Hstore.of(text);
    return pairs.isEmpty() ? UNREADABLE : pairs.get().repeated() ? KEY : null;
  }

  private static @Nullable Verdict coordinates(String text) {
    Matcher number = NUMBER.matcher(text);
    while (number.find()) {
      if (!FloatEncoder.exact(number.group())) {
        return FLOAT;
      }
    }
    return null;
  }
}
