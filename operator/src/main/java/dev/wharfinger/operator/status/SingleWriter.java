package dev.wharfinger.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether one pod at a time writes to the SQLite files. SQLite itself lets several processes of one
 * node take turns; applications that were made for one do not expect another, and on two nodes the
 * locks do not reach.
 */
public final class SingleWriter {
  /** The condition's type. */
  public static final String TYPE = "SingleWriter";

  private SingleWriter() {}

  /**
   * The condition.
   *
   * @param writers the workloads that can write to the volume
   */
  public static Condition of(List<Workload> writers) {
    List<Workload> standing = writers.stream().filter(w -> w.standing() && w.pods() > 0).toList();
    int pods = standing.stream().mapToInt(Workload::pods).sum();
    if (pods > 1) {
      return Conditions.advice(
          TYPE,
          Conditions.FALSE,
          "SeveralWriters",
          "SQLite is for one writer, and these can write to its volume: %s. Let one workload have one replica, with strategy: Recreate; for more use backend PostgreSQL"
              .formatted(
                  standing.stream()
                      .map(
                          w -> w.label() + " with " + w.pods() + (w.pods() == 1 ? " pod" : " pods"))
                      .collect(Collectors.joining(", "))));
    }
    List<Workload> surging = standing.stream().filter(Workload::surge).toList();
    return surging.isEmpty()
        ? Conditions.advice(
            TYPE, Conditions.TRUE, "OneWriter", "no two pods write to the volume at a time")
        : Conditions.advice(
            TYPE,
            Conditions.FALSE,
            "UpdateOverlaps",
            "a rolling update of %s starts the new pod while the old one still writes to the volume; set strategy: {type: Recreate}"
                .formatted(surging.getFirst().label()));
  }
}
