package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.event.Events;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Events of the conditions that hold nothing back. */
final class Tidings {
  private Tidings() {}

  /** An Event where a condition became bad, and where it is good again. */
  static void tell(
      StorageInstance instance, Condition now, KubernetesClient client, Instant moment) {
    boolean is = bad(now);
    if (bad(before(instance, now)) == is || told(instance, now, client)) {
      return;
    }
    Events.record(
        client,
        instance,
        is ? Events.WARNING : Events.NORMAL,
        now.getReason(),
        now.getMessage(),
        moment);
  }

  /** A cache may be behind the very status that told it. */
  private static boolean told(StorageInstance cached, Condition now, KubernetesClient client) {
    StorageInstance live = client.resource(cached).get();
    return live != null && bad(before(live, now)) == bad(now);
  }

  private static @Nullable Condition before(StorageInstance instance, Condition now) {
    return Conditions.find(
        instance.getStatus() == null ? null : instance.getStatus().conditions(), now.getType());
  }

  private static boolean bad(@Nullable Condition condition) {
    return condition != null && Conditions.FALSE.equals(condition.getStatus());
  }
}
