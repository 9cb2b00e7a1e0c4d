package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator saw. A cache for people and tools: nothing is decided by it, and wiping it
 * changes nothing.
 *
 * @param observedGeneration the generation of the spec this status speaks of
 * @param phase one word: Provisioning, Ready, Migrating, Suspended, Paused, Blocked or Deleting
 * @param backend where the data lives now, which during a move differs from what the spec asks for
 * @param binding the Secret the application reads
 * @param schemaRevision the schema's revision when the data were moved, where a migration tool
 *     keeps one
 * @param connection where the data is, without any secret
 * @param conditions kstatus conditions Ready, Reconciling and Stalled, and what is known of the
 *     application: ConnectionBudget or SingleWriter
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StorageInstanceStatus(
    @Nullable Long observedGeneration,
    @Nullable String phase,
    @Nullable Backend backend,
    @Nullable BindingStatus binding,
    @JsonPropertyDescription(
            "The schema's revision when the data were moved to PostgreSQL, as the migration tool's own table had it"
                + " (alembic_version and the like). Not followed afterwards; absent where there was no move or no such"
                + " table.")
        @Nullable String schemaRevision,
    @JsonPropertyDescription(
            "Where the data is, as the binding Secret says; user and password stand there only.")
        @Nullable Connection connection,
    @Nullable List<Condition> conditions) {

  /**
   * The Secret the application reads; the shape is that of a Service Binding provisioned service.
   *
   * @param name the Secret's name
   */
  public record BindingStatus(String name) {}

  /**
   * Where the data is.
   *
   * @param host name of the server that is good in every namespace; absent on SQLite
   * @param port the server's port; absent on SQLite
   * @param database the database's name; on SQLite the file's
   * @param claim the PersistentVolumeClaim that holds it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Connection(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String database,
      @Nullable String claim) {}
}
