package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.status.KnownFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What looks for several ends of the migrations, in a shell. */
class HeadsTest {
  private record Said(int exit, String words) {}

  @Test
  void PIP_15_severalLinesAreRefusedAndNamed() throws Exception {
    Said said = heads("printf", "1975ea83b712 (head)\n0a (head)\n");

    assertThat(said.exit()).isEqualTo(JobTemplate.REFUSED);
    assertThat(said.words()).contains("nothing was run: 1975ea83b712 (head) 0a (head)");
    assertThat(KnownFailure.in(said.words()))
        .hasValueSatisfying(known -> assertThat(known.reason()).isEqualTo("MultipleHeads"));
  }

  @Test
  void PIP_15_oneLineAndNoneAreNot() throws Exception {
    assertThat(heads("printf", "1975ea83b712 (head)\n")).isEqualTo(new Said(0, ""));
    assertThat(heads("true")).isEqualTo(new Said(0, ""));
    assertThat(heads("sh", "-c", "echo INFO >&2; echo INFO >&2; echo 1975ea83b712"))
        .isEqualTo(new Said(0, "INFO\nINFO\n"));
  }

  @Test
  void aToolThatFailsIsNoAnswer() throws Exception {
    assertThat(heads("sh", "-c", "echo one; echo two; echo no such file >&2; exit 3"))
        .isEqualTo(new Said(3, "no such file\n"));
  }

  /** Names and file patterns stay what they are. */
  @Test
  void nothingOfWhatIsPrintedIsRunOrExpanded() throws Exception {
    assertThat(heads("printf", "/*\n$(exit 9)\n").words())
        .endsWith("nothing was run: /* $(exit 9)\n");
  }

  private static Said heads(String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("sh", "-c", SchemaCommandJob.ONE_LINE, "heads"));
    all.addAll(List.of(command));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), words);
  }
}
