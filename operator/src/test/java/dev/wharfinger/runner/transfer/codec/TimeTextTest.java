package dev.wharfinger.runner.transfer.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TimeTextTest {
  private static final String[] SEEDS = {
    "2024-02-29 23:59:59",
    "2024-02-29T23:59:59Z",
    "0001-01-01 00:00:00.1",
    "9999-12-31T23:59:59.999999999Z",
    "2024-01-02 03:04:05.123456789",
    "2024-01-02 03:04:05.123456+02:00",
    "2024-01-02",
    "2024-01-02T03:04",
  };

  private static String outcome(Supplier<TimeText> parse) {
    try {
      return parse.get().toString();
    } catch (DateTimeException e) {
      return "no time";
    }
  }

  /** The quick way takes what the pattern takes, for the same time. */
  @Test
  void theQuickWayReadsWhatThePatternReads() {
    Random random = new Random(7);
    String signs = "0123456789-:.TZ +,٣";
    for (String seed : SEEDS) {
      for (int i = 0; i < 20_000; i++) {
        StringBuilder text = new StringBuilder(seed);
        for (int changes = random.nextInt(3); changes > 0 && !text.isEmpty(); changes--) {
          int at = random.nextInt(text.length());
          char sign = signs.charAt(random.nextInt(signs.length()));
          switch (random.nextInt(3)) {
            case 0 -> text.setCharAt(at, sign);
            case 1 -> text.insert(at, sign);
            default -> text.deleteCharAt(at);
          }
        }
        String given = text.toString();
        assertThat(outcome(() -> TimeText.parse(given)))
            .as(given)
            .isEqualTo(outcome(() -> TimeText.any(given)));
      }
    }
  }
}
