package dev.wharfinger.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The three conditions that kstatus, Argo CD and Flux read: Ready, Reconciling, Stalled. A
 * condition's time moves only when its status flips, so that a run which sees nothing new writes
 * nothing.
 */
public final class Conditions {
  public static final String READY = "Ready";
  public static final String RECONCILING = "Reconciling";
  public static final String STALLED = "Stalled";

  public static final String TRUE = "True";
  public static final String FALSE = "False";
  public static final String UNKNOWN = "Unknown";

  private Conditions() {}

  /** Everything is as asked for. */
  public static List<Condition> ready(String reason, String message) {
    return three("True", "False", "False", reason, message);
  }

  /** Work goes on; nobody needs to do anything. */
  public static List<Condition> reconciling(String reason, String message) {
    return three("False", "True", "False", reason, message);
  }

  /** The application is served, and work goes on beside it. */
  public static List<Condition> readyAndReconciling(String reason, String message) {
    return three("True", "True", "False", reason, message);
  }

  /** Nothing goes on until somebody acts; the message says what to do. */
  public static List<Condition> stalled(String reason, String message) {
    return three("False", "False", "True", reason, message);
  }

  /** The application is served, yet something asked for cannot be done until somebody acts. */
  public static List<Condition> readyButStalled(String reason, String message) {
    return three("True", "False", "True", reason, message);
  }

  /**
   * A condition of its own that says what the three do not depend on.
   *
   * @param type the condition's type
   * @param status {@link #TRUE} where all is well, {@link #FALSE} or {@link #UNKNOWN}
   */
  public static Condition advice(String type, String status, String reason, String message) {
    return condition(type, status, reason, message);
  }

  private static List<Condition> three(
      String ready, String reconciling, String stalled, String reason, String message) {
    return List.of(
        condition(READY, ready, reason, message),
        condition(RECONCILING, reconciling, reason, message),
        condition(STALLED, stalled, reason, message));
  }

  private static Condition condition(String type, String status, String reason, String message) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .build();
  }

  /**
   * The conditions to write: {@code now} with the generation, and with the previous times where a
   * status did not flip.
   */
  public static List<Condition> merge(
      @Nullable List<Condition> previous,
      List<Condition> now,
      @Nullable Long generation,
      Clock clock) {
    List<Condition> merged = new ArrayList<>(now.size());
    String instant = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    for (Condition condition : now) {
      String since = unflippedSince(find(previous, condition.getType()), condition);
      merged.add(
          condition
              .edit()
              .withObservedGeneration(generation)
              .withLastTransitionTime(since == null ? instant : since)
              .build());
    }
    return merged;
  }

  private static @Nullable String unflippedSince(@Nullable Condition before, Condition now) {
    return before != null && Objects.equals(before.getStatus(), now.getStatus())
        ? before.getLastTransitionTime()
        : null;
  }

  /** The condition of a type, or null. */
  public static @Nullable Condition find(@Nullable List<Condition> conditions, String type) {
    if (conditions == null) {
      return null;
    }
    return conditions.stream().filter(c -> type.equals(c.getType())).findFirst().orElse(null);
  }
}
