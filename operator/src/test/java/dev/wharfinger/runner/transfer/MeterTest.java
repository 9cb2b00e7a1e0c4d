package dev.wharfinger.runner.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterTest {
  /** Else they would count as rows of its first second, and hours would seem to be minutes. */
  @Test
  void aPhaseThatGoesOnBeginsWithWhatIsDone() {
    List<String> told = new ArrayList<>();
    Meter meter = new Meter((phase, rows, total) -> told.add(phase + " " + rows + "/" + total));
    meter.total(1000);
    meter.phase("copying", 700);
    meter.phase("verifying");
    meter.closing("committing");
    assertThat(told)
        .containsExactly("copying 700/1000", "verifying 0/1000", "committing 1000/1000");
  }
}
