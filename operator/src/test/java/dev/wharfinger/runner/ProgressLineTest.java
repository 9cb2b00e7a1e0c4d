package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private long now;

  private ProgressLine line(boolean terminal) {
    PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    return new ProgressLine(out, terminal, () -> now);
  }

  @Test
  void saysHowMuchHowFastAndHowLongStill() {
    ProgressLine line = line(false);
    line.at("copying", 0, 1000);
    now = 2_000_000_000L;
    line.at("copying", 20, 1000);
    line.at("verifying", 0, 1000);

    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "copying: 0 of 1000 rows, 0 %",
            "copying: 20 of 1000 rows, 2 %, 10 rows/s, 1:38 left",
            "verifying: 0 of 1000 rows, 0 %");
  }

  @Test
  void staysOnOneLineOfATerminal() {
    ProgressLine line = line(true);
    line.at("copying", 0, 10);
    line.at("copying", 5, 10);

    assertThat(written.toString(StandardCharsets.UTF_8))
        .doesNotContain("\n")
        .startsWith("\r")
        .endsWith("\u001b[K");
  }
}
