package dev.wharfinger.operator.status;

import dev.wharfinger.api.v1alpha1.PoolSpec;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Whether the application's pools, all filled, find room on the server: pods × pools × (maxSize +
 * maxOverflow), over all its workloads, against {@code max_connections} without what is kept for
 * others.
 */
public final class ConnectionBudget {
  /** The condition's type. */
  public static final String TYPE = "ConnectionBudget";

  /** A transfer that is tried, or an abort that is asked, while the application runs. */
  private static final long OWN_JOBS = 2;

  private ConnectionBudget() {}

  /**
   * The condition.
   *
   * @param parameters {@code postgresql.parameters}
   * @param users the workloads that use the instance
   */
  public static Condition of(PoolSpec pool, Map<String, String> parameters, List<Workload> users) {
    if (pool.maxSize() == null) {
      return Conditions.advice(
          TYPE,
          Conditions.UNKNOWN,
          "PoolUnknown",
          "pool.maxSize is not set, so nobody can say how many connections the application opens; set it, or leave"
              + " this as it is");
    }
    try {
      long max = number(parameters, "max_connections", 100);
      long superusers = number(parameters, "superuser_reserved_connections", 3);
      long reserved = number(parameters, "reserved_connections", 0);
      return judge(pool, users, max, superusers + reserved);
    } catch (NumberFormatException e) {
      return Conditions.advice(
          TYPE,
          Conditions.UNKNOWN,
          "PoolUnknown",
          "max_connections, superuser_reserved_connections or reserved_connections of postgresql.parameters is no"
              + " plain number");
    }
  }

  private static Condition judge(PoolSpec pool, List<Workload> users, long max, long reserved) {
    long perPod =
        Objects.requireNonNullElse(pool.enginesPerReplica(), 1)
            * ((long) Objects.requireNonNull(pool.maxSize())
                + Objects.requireNonNullElse(pool.maxOverflow(), 0));
    long wanted = users.stream().mapToLong(u -> u.pods() * perPod).sum();
    long free = Math.max(0, max - reserved - OWN_JOBS);
    String formula =
        "%s, each enginesPerReplica %d × (maxSize %d + maxOverflow %d) = %d; max_connections %d less %d reserved by the server and %d for this operator's Jobs"
            .formatted(
                pods(users),
                Objects.requireNonNullElse(pool.enginesPerReplica(), 1),
                pool.maxSize(),
                Objects.requireNonNullElse(pool.maxOverflow(), 0),
                perPod,
                max,
                reserved,
                OWN_JOBS);
    return wanted <= free
        ? Conditions.advice(
            TYPE,
            Conditions.TRUE,
            "WithinBudget",
            "at most %d of %d connections: %s".formatted(wanted, free, formula))
        : Conditions.advice(
            TYPE,
            Conditions.FALSE,
            "BudgetExceeded",
            "the application may ask for %d connections, and %d are to be had: %s. Lower the pool or the replicas, or raise max_connections in postgresql.parameters"
                .formatted(wanted, free, formula));
  }

  private static String pods(List<Workload> users) {
    String pods =
        users.stream()
            .map(u -> u.label() + " " + u.pods() + (u.pods() == 1 ? " pod" : " pods"))
            .collect(Collectors.joining(", "));
    return pods.isEmpty() ? "no workload uses the binding" : pods;
  }

  private static long number(Map<String, String> parameters, String name, long otherwise) {
    String value = parameters.get(name);
    return value == null ? otherwise : Integer.parseInt(value.strip());
  }
}
