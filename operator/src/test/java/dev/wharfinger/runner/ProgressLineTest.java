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
  void programsGetTheSameFigures() {
    var json =
        CommandOutput.jsonLines(new PrintStream(written, true, StandardCharsets.UTF_8), () -> now);
    json.at("copying", 0, 1000);
    now = 2_000_000_000L;
    json.at("copying", 20, 1000);
    json.at("copying", 1000, 1000);

    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "{\"event\":\"progress\",\"phase\":\"copying\",\"rows\":0,\"totalRows\":1000}",
            "{\"event\":\"progress\",\"phase\":\"copying\",\"rows\":20,\"totalRows\":1000,"
                + "\"rowsPerSecond\":10,\"remainingSeconds\":98}",
            "{\"event\":\"progress\",\"phase\":\"copying\",\"rows\":1000,\"totalRows\":1000}");
  }

  @Test
  void whatWasLongAgoCountsLessAndLess() {
    Rate rate = new Rate(() -> now);
    rate.at("copying", 0, 1_000_000);
    for (int second = 1; second <= 10; second++) {
      now += 1_000_000_000L;
      rate.at("copying", 1000 * second, 1_000_000);
    }
    assertThat(rate.rowsPerSecond()).hasValue(1000);

    now += 1_000_000_000L;
    rate.at("copying", 10_000 + 100, 1_000_000);
    assertThat(rate.rowsPerSecond().orElseThrow()).isBetween(900L, 950L);
    for (int second = 1; second <= 60; second++) {
      now += 1_000_000_000L;
      rate.at("copying", 10_100 + 100 * second, 1_000_000);
    }
    assertThat(rate.rowsPerSecond().orElseThrow()).isBetween(100L, 105L);
    assertThat(rate.at("verifying", 0, 1_000_000)).isTrue();
    assertThat(rate.rowsPerSecond()).isEmpty();
    assertThat(rate.remainingSeconds()).isEmpty();
  }

  @Test
  void whatWasDoneBeforeIsNoRate() {
    Rate rate = new Rate(() -> now);
    rate.at("copying", 900, 1000);
    now += 2_000_000_000L;
    rate.at("copying", 920, 1000);
    assertThat(rate.rowsPerSecond()).hasValue(10);
    assertThat(rate.remainingSeconds()).hasValue(8);
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
