package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kubernetes cuts is no JSON any more, and a set that is there would be taken for none. */
class BackupWordsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 100, 1000})
  void theyFitWhateverTheReportHas(int warnings) throws Exception {
    ObjectNode report = MAPPER.createObjectNode();
    report.put("command", "backup").put("outcome", "completed").put("reason", "");
    report.put("message", "\uD83D\uDE00".repeat(1000));
    ObjectNode set = report.putObject("set").put("id", "x".repeat(63));
    set.put("consistentAt", "2026-11-22T02:00:00Z");
    set.putObject("totals").put("rows", Long.MAX_VALUE);
    for (int i = 0; i < 16; i++) {
      set.withObject("/encryption").withArray("/recipients").add("age1" + "q".repeat(58));
    }
    for (int i = 0; i < warnings; i++) {
      set.withArray("/warnings")
          .addObject()
          .put("code", "unprotected-files")
          .put("detail", "\"\u0001ä".repeat(500));
    }

    String words = BackupWords.of(report);

    assertThat(words.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4096);
    JsonNode read = MAPPER.readTree(words);
    assertThat(read.path("outcome").asText()).isEqualTo("completed");
    assertThat(read.path("set").path("id").asText()).hasSize(63);
    assertThat(read.path("set").path("totals").path("rows").asLong()).isEqualTo(Long.MAX_VALUE);
    assertThat(read.path("warnings")).hasSize(Math.min(warnings, 10));
  }
}
