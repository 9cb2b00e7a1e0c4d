package dev.wharfinger.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the chart's environment becomes. */
class OperatorConfigTest {
  private final Map<String, String> env =
      new HashMap<>(
          Map.of(
              "POD_NAMESPACE", "wharfinger",
              "WHARFINGER_IMAGE", "registry.example/wharfinger:1",
              "WHARFINGER_POSTGRES_IMAGES", "{}"));

  @Test
  void aListThatIsEmptyHasNoEntries() {
    env.put("WHARFINGER_IMAGE_PULL_SECRETS", "");

    OperatorConfig config = OperatorConfig.fromEnvironment(env);

    assertThat(config.imagePullSecrets()).isEmpty();
    assertThat(config.watchNamespaces()).containsExactly("wharfinger");
  }

  @Test
  void listsAreSeparatedByCommas() {
    env.put("WHARFINGER_IMAGE_PULL_SECRETS", "registry,mirror");
    env.put("WHARFINGER_WATCH_NAMESPACES", "a,b");

    OperatorConfig config = OperatorConfig.fromEnvironment(env);

    assertThat(config.imagePullSecrets())
        .containsExactly(new LocalObjectReference("registry"), new LocalObjectReference("mirror"));
    assertThat(config.watchNamespaces()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void whatIsMissingIsNamed() {
    env.remove("WHARFINGER_IMAGE");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorConfig.fromEnvironment(env))
        .withMessageContaining("WHARFINGER_IMAGE");
  }

  @Test
  void PHX_32_howOftenAServerIsLookedAtIsSaidInMinutes() {
    // Nobody is looked at unasked.
    assertThat(OperatorConfig.fromEnvironment(env).connectionChecks()).isZero();
    env.put("WHARFINGER_CONNECTION_CHECK_MINUTES", "15");
    assertThat(OperatorConfig.fromEnvironment(env).connectionChecks())
        .isEqualTo(Duration.ofMinutes(15));
    env.put("WHARFINGER_CONNECTION_CHECK_MINUTES", "often");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OperatorConfig.fromEnvironment(env))
        .withMessageContaining("WHARFINGER_CONNECTION_CHECK_MINUTES");
  }
}
