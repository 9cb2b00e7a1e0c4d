package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec;
import dev.wharfinger.operator.job.AbortJob;
import dev.wharfinger.operator.job.FlywayJob;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.job.SchemaCommandJob;
import dev.wharfinger.operator.job.TransferJob;
import dev.wharfinger.operator.job.TransferJob.Target;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.model.Annotations;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Job for a role, given what a pass has seen. */
record MigrationJobFactory(
    Move move,
    List<FoundConsumer> consumers,
    @Nullable Place place,
    @Nullable PersistentVolumeClaim serverClaim) {

  Job job(JobRole role) {
    return switch (role) {
      case SCHEMA -> schema(Objects.requireNonNull(MigrationTarget.spec(move)));
      case PREFLIGHT -> tolerant(TransferJob.preflight(move, target(), place));
      case TRANSFER -> tolerant(TransferJob.transfer(move, target()));
      case ABORT -> tolerant(AbortJob.desired(move));
    };
  }

  /**
   * With what lets the application onto its nodes: the volume may be at home on one of them, where
   * nobody else is let in.
   */
  private Job tolerant(Job job) {
    List<Toleration> tolerations =
        Stream.concat(
                job.getSpec().getTemplate().getSpec().getTolerations().stream(),
                consumers.stream().flatMap(c -> c.pod().getTolerations().stream()))
            .distinct()
            .toList();
    return job.edit()
        .editSpec()
        .editTemplate()
        .editSpec()
        .withTolerations(tolerations)
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private Target target() {
    if (!move.server().scratch() && Annotations.superseded(serverClaim) > 0) {
      return Target.RETAINED;
    }
    SchemaMigrationsSpec spec = MigrationTarget.spec(move);
    return spec == null || (spec.command() == null && spec.flyway() == null)
        ? Target.EMPTY
        : Target.SCHEMA;
  }

  private Job schema(SchemaMigrationsSpec spec) {
    if (spec.flyway() != null) {
      return FlywayJob.desired(move, spec.flyway());
    }
    SchemaMigrationsSpec.Command command = Objects.requireNonNull(spec.command());
    String binding = move.model().names().binding();
    return consumers.stream()
        .flatMap(c ->
            SchemaCommandJob.container(c.pod(), command.container(), binding).stream()
                .map(container -> SchemaCommandJob.desired(move, c.pod(), container, command)))
        .findFirst()
        .orElseThrow(() ->
            new StalledException(
                "NoConsumer", "schemaMigrations.command has no consumer whose image it could use"));
  }
}
