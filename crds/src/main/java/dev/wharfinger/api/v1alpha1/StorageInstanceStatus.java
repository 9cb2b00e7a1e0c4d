package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator saw. A cache for people and tools: nothing is decided by it, and wiping it
 * changes nothing; only how far a schedule of backups has come is kept in it, and where that is
 * lost the StorageBackups tell it.
 *
 * @param observedGeneration the generation of the spec this status speaks of
 * @param phase one word: Provisioning, Ready, Migrating, Suspended, Paused, Blocked or Deleting
 * @param backend where the data lives now, which during a move differs from what the spec asks for
 * @param binding the Secret the application reads
 * @param schemaRevision the schema's revision when it was read last, where a migration tool keeps
 *     one
 * @param schema what the last run of schema migrations outside of a move left behind
 * @param connection where the data is, without any secret
 * @param backup what is known of its backups, where spec.backup says how they are made
 * @param restoredFrom the backup set that the instance began with
 * @param conditions kstatus conditions Ready, Reconciling and Stalled, and what is known of the
 *     application: ConnectionBudget or SingleWriter; SchemaMigrated where migrations are run;
 *     BackupHealthy where backups are scheduled
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StorageInstanceStatus(
    @Nullable Long observedGeneration,
    @Nullable String phase,
    @Nullable Backend backend,
    @Nullable BindingStatus binding,
    @JsonPropertyDescription(
            "The schema's revision as the migration tool's own table (alembic_version and the like) had it when schema"
                + " migrations were run last, or else when the data were moved to PostgreSQL. What the application does"
                + " by itself is not followed.")
        @Nullable String schemaRevision,
    @JsonPropertyDescription(
            "What the last run of schema migrations outside of a move left behind.")
        @Nullable Schema schema,
    @JsonPropertyDescription(
            "Where the data is, as the binding Secret says; user and password stand there only.")
        @Nullable Connection connection,
    @JsonPropertyDescription("What is known of the backups.") @Nullable BackupOverview backup,
    @JsonPropertyDescription("The backup set that the instance began with.")
        @Nullable RestoredFrom restoredFrom,
    @Nullable List<Condition> conditions) {

  /**
   * The Secret the application reads; the shape is that of a Service Binding provisioned service.
   *
   * @param name the Secret's name
   */
  public record BindingStatus(String name) {}

  /**
   * The schema after the last run of migrations, on the backend that holds the data.
   *
   * @param tool who keeps the revision, for example {@code Flyway}
   * @param revision the revision that tool's table names; absent where it names none
   * @param copy the file of the volume with the data of before, where one was made
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Schema(@Nullable String tool, @Nullable String revision, @Nullable String copy) {}

  /**
   * The backup set that the instance began with.
   *
   * @param id what it is called
   * @param consistentAt the instant that the data were of; RFC 3339
   * @param lineage the id of those whose sets it is one of; absent where the set does not tell
   * @param rows how many rows of all tables were restored, and counted
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record RestoredFrom(String id, String consistentAt, @Nullable String lineage, long rows) {}

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
