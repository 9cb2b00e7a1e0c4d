package dev.wharfinger.operator.migration;

import static dev.wharfinger.api.v1alpha1.MigrationPhase.PREFLIGHT;
import static dev.wharfinger.operator.migration.MigrationState.stalled;
import static dev.wharfinger.operator.migration.MigrationState.working;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.operator.job.JobOutcome;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.migration.Action.CreateCandidateBinding;
import dev.wharfinger.operator.migration.Action.CreateJob;
import dev.wharfinger.operator.migration.Observed.Schema;
import dev.wharfinger.operator.migration.Observed.Server;
import dev.wharfinger.operator.status.Failure;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Everything that is tried while the application still runs; a dry run is exactly this. */
final class Preflight {
  private Preflight() {}

  /**
   * The next step of the preflight, or null once it has passed.
   *
   * @param giveUp makes the state for a reason and a message that end the move
   */
  static @Nullable MigrationState next(
      Observed o, BiFunction<String, String, MigrationState> giveUp) {
    if (o.target().active() != o.target().source()) {
      return giveUp.apply("NotOnSource", "the data is on " + o.target().active() + " already");
    }
    if (o.target().schema() == Schema.COMMAND_NOT_ALLOWED) {
      return giveUp.apply(
          "SchemaCommandNotAllowed",
          "spec.schemaMigrations.command needs the operator's permission: set the chart value"
              + " schemaMigrations.allowCommand to true, or use flyway, or leave schemaMigrations out");
    }
    if (o.target().server() != Server.READY) {
      return working(PREFLIGHT, "WaitingForPostgreSQL", "waiting for PostgreSQL to become ready");
    }
    MigrationState schema = schema(o, giveUp);
    return schema == null ? tryValues(o, giveUp) : schema;
  }

  private static @Nullable MigrationState schema(
      Observed o, BiFunction<String, String, MigrationState> giveUp) {
    Schema schema = o.target().schema();
    if (schema == Schema.DERIVED) {
      return null;
    }
    return switch (o.jobs().schema()) {
      case COMPLETE -> null;
      case RUNNING -> working(PREFLIGHT, "MakingSchema", "the schema is being made on the target");
      case REFUSED, FAILED -> giveUp.apply(schemaFailure(o).reason(), schemaFailure(o).message());
      case ABSENT -> {
        if (schema == Schema.COMMAND_WITHOUT_CONSUMER) {
          yield stalled(
              PREFLIGHT,
              "NoConsumer",
              "schemaMigrations.command runs in the application's own image, and no Deployment, StatefulSet,"
                  + " DaemonSet or CronJob with such a container refers to the binding Secret");
        }
        MigrationState making =
            working(PREFLIGHT, "MakingSchema", "the schema is being made on the target");
        CreateJob job = new CreateJob(JobRole.SCHEMA);
        yield schema == Schema.COMMAND
            ? making.doing(new CreateCandidateBinding(), job)
            : making.doing(job);
      }
    };
  }

  private static Failure schemaFailure(Observed o) {
    return Objects.requireNonNullElse(
        o.jobs().schemaFailure(),
        new Failure(
            "SchemaMigrationFailed",
            "the Job that makes the schema on the target failed; its pods' logs say why"));
  }

  private static @Nullable MigrationState tryValues(
      Observed o, BiFunction<String, String, MigrationState> giveUp) {
    JobOutcome outcome = o.jobs().preflight();
    MigrationState trying =
        o.loss() == null
            ? working(PREFLIGHT, "TryingValues", "every value is tried against the target's schema")
            : working(
                PREFLIGHT,
                "Comparing",
                "the retained file is checked and compared with PostgreSQL");
    return switch (outcome) {
      case COMPLETE -> null;
      case RUNNING -> trying;
      case ABSENT -> trying.doing(new CreateJob(JobRole.PREFLIGHT));
      case REFUSED -> giveUp.apply(reason(o), refused(o));
      case FAILED ->
          giveUp.apply("PreflightFailed", "the preflight Job failed; its pods' logs say why");
    };
  }

  /** Of its own where not the data is to blame but a certificate. */
  static String reason(Observed o) {
    String found = Objects.requireNonNullElse(o.findings(), "");
    return found.contains(": tls-unknown-authority (")
        ? "TlsUnknownAuthority"
        : found.contains(": tls-wrong-host (")
            ? "TlsWrongHost"
            : found.contains(": tls-expired (") ? "TlsExpired" : "Refused";
  }

  /** What the report found, or where to look. */
  static String refused(Observed o) {
    String found =
        Objects.requireNonNullElse(
            o.findings(),
            "the data cannot be moved as it is; the Job's report names table and column");
    return o.target().source() == Backend.POSTGRESQL && found.contains("revision-differs")
        ? found
            + "; bring the SQLite file to PostgreSQL's revision with the application's own migration tool, or go"
            + " back to it as it is with migration.back: rollback"
        : found;
  }
}
