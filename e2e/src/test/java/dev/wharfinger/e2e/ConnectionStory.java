package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server is looked at again while it is served, because the chart asks for it. */
class ConnectionStory {
  @RegisterExtension static final Story story = new Story("connection", 1);

  @Test
  void PHX_32_whoIsNotLetInAnyMoreIsToldAndKeepsWhatItHas() {
    story.operator().set("connectionCheckMinutes=1");
    story.apply("postgresql");
    story.instance("orders").awaitReady();
    story.pods().awaitReady("orders-client");
    story.instance("orders").awaitReason("ConnectionOk", "Connected");
    Map<String, String> binding = story.instance("orders").binding();

    story.psql("orders", "ALTER ROLE orders PASSWORD 'chosen-by-an-administrator'");
    assertThat(story.instance("orders").awaitReason("ConnectionOk", "AuthenticationFailed"))
        .contains("role orders", "kubectl edit secret orders-credentials")
        .doesNotContain("chosen-by", binding.get("password"));
    assertThat(story.instance("orders").ready()).isTrue();
    assertThat(story.instance("orders").binding()).isEqualTo(binding);

    Shell.run(
        "kubectl",
        "patch",
        "secret",
        "orders-credentials",
        "-n",
        story.namespace(),
        "--patch",
        "{\"stringData\":{\"password\":\"chosen-by-an-administrator\"}}");
    story.instance("orders").awaitReason("ConnectionOk", "Connected");
    assertThat(story.psql("orders", "SELECT 1")).isEqualTo("1");
  }
}
