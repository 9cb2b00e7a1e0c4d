package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server that is tuned, restarted, stopped and started again, its role given another password,
 * and rows that outlive all of it.
 */
class LifecycleStory {
  private static final String SERVER = "orders-postgresql-0";

  @RegisterExtension static final Story story = new Story("lifecycle", 1);

  @Test
  void OXY_16_rowsOutliveTuningRestartAndSuspension() {
    story.apply("postgresql");
    story.instance("orders").awaitReady();
    story.pods().awaitReady("orders-client");
    psql("CREATE TABLE orders (id int PRIMARY KEY, what text)");
    psql("INSERT INTO orders VALUES (1, 'anchor')");

    aBudgetThatIsTooSmallIsSaid();
    aSettingReachesTheRunningServer();
    anAnnotationMakesANewPod();
    anotherPasswordReachesTheRoleAndThenTheBinding();
    aSuspendedServerComesBack();
  }

  private static void aBudgetThatIsTooSmallIsSaid() {
    Shell.run(
        "kubectl",
        "apply",
        "-n",
        story.namespace(),
        "-f",
        // Its pod is never made; what counts is what it asks for.
        Resources.file(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: orders-app}
            spec:
              selector: {matchLabels: {app: orders-app}}
              template:
                metadata: {labels: {app: orders-app}}
                spec:
                  nodeSelector: {example.com/nowhere: "true"}
                  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: app
                      image: registry.local/postgres:17
                      envFrom: [{secretRef: {name: orders-binding}}]
                      securityContext:
                        allowPrivilegeEscalation: false
                        capabilities: {drop: [ALL]}
            """));
    spec("{\"pool\":{\"maxSize\":40,\"maxOverflow\":10}}");
    await("the budget is exceeded")
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() ->
            assertThat(story.instance("orders").existing().getStatus().conditions())
                .anySatisfy(c -> {
                  assertThat(c.getReason()).isEqualTo("BudgetExceeded");
                  assertThat(c.getMessage())
                      .contains("Deployment/orders-app 1 pod", "50 connections");
                }));
    story.instance("orders").awaitReady();
  }

  private static void aSettingReachesTheRunningServer() {
    Pod before = pod();
    assertThat(psql("SHOW work_mem")).isEqualTo("4MB");
    spec("{\"postgresql\":{\"parameters\":{\"work_mem\":\"8MB\"}}}");
    // The kubelet renews a mounted ConfigMap about once a minute.
    await("the setting")
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> psql("SHOW work_mem").equals("8MB"));
    Pod after = pod();
    assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(after.getStatus().getContainerStatuses().getFirst().getRestartCount()).isZero();
  }

  private static void anAnnotationMakesANewPod() {
    String former = pod().getMetadata().getUid();
    Shell.run(
        "kubectl",
        "annotate",
        "storageinstance",
        "orders",
        "-n",
        story.namespace(),
        "wharfinger.dev/restart-at=now");
    await("a new pod")
        .atMost(Duration.ofMinutes(2))
        .until(() -> {
          Pod pod = story.pods().get(SERVER);
          return pod != null && !pod.getMetadata().getUid().equals(former);
        });
    story.pods().awaitReady(SERVER);
    assertThat(psql("SELECT what FROM orders")).isEqualTo("anchor");
    assertThat(psql("SHOW work_mem")).isEqualTo("8MB");
  }

  private static void anotherPasswordReachesTheRoleAndThenTheBinding() {
    String former = Objects.requireNonNull(story.instance("orders").binding().get("uri"));
    Shell.run(
        "kubectl",
        "patch",
        "secret",
        "orders-credentials",
        "-n",
        story.namespace(),
        "--patch",
        "{\"stringData\":{\"password\":\"another\"}}");
    await("the binding has it")
        .atMost(Duration.ofMinutes(3))
        .until(() -> "another".equals(story.instance("orders").binding().get("password")));
    story.instance("orders").awaitReady();
    assertThat(psql("SELECT what FROM orders")).isEqualTo("anchor");
    assertThat(
            Shell.attempt(
                    "kubectl",
                    "exec",
                    "-n",
                    story.namespace(),
                    "orders-client",
                    "--",
                    "psql",
                    "-qAt",
                    former,
                    "-c",
                    "SELECT 1")
                .code())
        .isNotZero();
  }

  private static void aSuspendedServerComesBack() {
    spec("{\"suspend\":true}");
    assertThat(
            story.instance("orders").awaitMessage("Stalled", m -> m.contains("server is stopped")))
        .contains("Deployment/orders-app");
    assertThat(story.pods().get(SERVER)).isNull();
    spec("{\"suspend\":false}");
    await("Ready again").atMost(Duration.ofMinutes(2)).until(story.instance("orders")::ready);
    assertThat(psql("SELECT what FROM orders")).isEqualTo("anchor");
  }

  private static void spec(String spec) {
    Shell.run(
        "kubectl",
        "patch",
        "storageinstance",
        "orders",
        "-n",
        story.namespace(),
        "--type",
        "merge",
        "--patch",
        "{\"spec\":" + spec + "}");
  }

  private static Pod pod() {
    return Objects.requireNonNull(story.pods().get(SERVER));
  }

  private static String psql(String statement) {
    return story.psql("orders", statement);
  }
}
