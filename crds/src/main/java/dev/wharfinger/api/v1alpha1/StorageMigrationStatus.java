package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a move is. A cache: every phase is recomputed from the world.
 *
 * @param observedGeneration the generation of the spec this status speaks of
 * @param phase the step
 * @param progress rows copied
 * @param reportRef ConfigMap with the report, table by table, under {@code report.json}
 * @param writeStop how long the application could not write, as an ISO-8601 duration; set at the
 *     end
 * @param conditions Ready, Reconciling and Stalled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StorageMigrationStatus(
    @Nullable Long observedGeneration,
    @Nullable MigrationPhase phase,
    @Nullable Progress progress,
    SchemaMigrationsSpec.@Nullable LocalRef reportRef,
    @Nullable String writeStop,
    @Nullable List<Condition> conditions) {

  /**
   * Rows copied so far.
   *
   * @param percent whole percents of the rows
   * @param rows rows copied
   * @param totalRows rows to copy
   * @param rowsPerSecond how fast the step at hand goes; while it is known
   * @param remainingSeconds how long that step will still take at this rate; while it is known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Progress(
      int percent,
      long rows,
      long totalRows,
      @Nullable Long rowsPerSecond,
      @Nullable Long remainingSeconds) {}
}
