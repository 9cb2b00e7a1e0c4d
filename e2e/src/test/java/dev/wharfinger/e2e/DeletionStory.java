package dev.wharfinger.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deleting the resource keeps the data, and only who says so by name finds them again. */
class DeletionStory {
  @RegisterExtension static final Story story = new Story("deletion", 1);

  @Test
  void retainedDataAreFoundAgainByAdoptionOnly() {
    story.apply("postgresql");
    Instance orders = story.instance("orders");
    orders.awaitReady();
    story.pods().awaitReady("orders-client");
    story.psql("orders", "CREATE TABLE kept AS SELECT 'still here' AS what");
    StorageInstance former = orders.existing();

    Shell.run(
        "kubectl", "delete", "storageinstance", "orders", "-n", story.namespace(), "--timeout=2m");
    await("the server stopped")
        .atMost(Duration.ofMinutes(2))
        .until(() -> story.pods().get("orders-postgresql-0") == null);
    assertThat(kept("persistentvolumeclaims")).contains("data-orders-postgresql-0");
    assertThat(kept("secrets")).contains("orders-credentials", "orders-postgresql-role");

    story.apply("postgresql");
    String refusal = orders.awaitMessage("Stalled", message -> message.contains("adopt"));
    assertThat(refusal).contains(former.getMetadata().getUid());

    Shell.run(
        "kubectl",
        "annotate",
        "storageinstance",
        "orders",
        "-n",
        story.namespace(),
        "wharfinger.dev/adopt=" + former.getMetadata().getUid());
    orders.awaitReady();
    assertThat(story.psql("orders", "SELECT what FROM kept")).isEqualTo("still here");
  }

  private static String kept(String kind) {
    return Shell.run("kubectl", "get", kind, "-n", story.namespace(), "-o", "name");
  }
}
