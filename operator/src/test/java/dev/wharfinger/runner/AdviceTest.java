package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.runner.transfer.Advice;
import dev.wharfinger.runner.transfer.Policies;
import dev.wharfinger.testing.Repository;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A way out that is named is there, and spelled as it has to be given. */
class AdviceTest {
  private static final Pattern RULE = Pattern.compile("(?m)^\\| `([a-z]+(?:-[a-z0-9]+)+)` \\|");
  private static final Pattern OPTION = Pattern.compile("(?<![a-z])--[a-z-]+");
  private static final Pattern POLICY =
      Pattern.compile("--policy ([a-z0-9-]+(?:@TABLE(?:\\.COLUMN)?)?=[a-z0-9]+(?:-[a-z0-9]+)*)");

  private static List<String> rules() throws Exception {
    return RULE.matcher(Files.readString(Repository.root().resolve("docs/transfer-command.md")))
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  @Test
  void everyOptionIsOneOfTheCommand() throws Exception {
    assertThat(rules()).hasSizeGreaterThan(100);
    for (String rule : rules()) {
      for (String advice : List.of(Advice.of(rule), Advice.back(rule))) {
        assertThat(OPTION.matcher(advice).results().map(MatchResult::group))
            .as(rule)
            .allMatch(option ->
                TransferCommand.VALUED.contains(option) || TransferCommand.FLAGS.contains(option));
      }
    }
  }

  @Test
  void everyPolicyCanBeGivenAsItIsSpelled() throws Exception {
    int policies = 0;
    for (String rule : rules()) {
      String advice = Advice.of(rule);
      long named = Pattern.compile("--policy ").matcher(advice).results().count();
      List<String> spelled =
          POLICY.matcher(advice).results().map(result -> result.group(1)).toList();
      assertThat(spelled).as(rule).hasSize((int) named);
      spelled.forEach(Policies.Policy::parse);
      policies += spelled.size();
    }
    assertThat(policies).isGreaterThan(20);
  }

  @Test
  void onTheWayBackNoPolicyIsAdvised() {
    for (String rule :
        List.of(
            "revision-differs",
            "table-missing-in-target",
            "parent-row-missing",
            "null-in-not-null-column",
            "duplicate-key",
            "value-does-not-come-back")) {
      assertThat(Advice.back(rule)).doesNotContain("--policy", "in the source");
    }
  }
}
