package dev.wharfinger.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubbedTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://app:p@ss/wd@db/app",
        "postgresql://app:p%40ss%2Fwd@db/app failed",
        "postgresql://app:other-hush@db/app",
        "invalid percent-encoded token: \"p@ss/wd\"",
        "host=db password='p@ss/wd hush' user=app",
        "Password: hush",
        "?user=app&password=hush&sslmode=require",
      })
  void noPasswordIsLeft(String text) {
    assertThat(Scrubbed.of(text, List.of("p@ss/wd")))
        .doesNotContain("ss/wd", "ss%2Fwd", "hush")
        .contains("***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"FATAL:  password authentication failed for user \"app\"", "no such table: t"})
  void theRestStays(String text) {
    assertThat(Scrubbed.of(text, List.of("p@ss/wd"))).isEqualTo(text);
  }
}
