package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageMigration;
import dev.wharfinger.operator.job.JobRole;
import dev.wharfinger.operator.job.Move;
import dev.wharfinger.operator.job.Place;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.migration.Observed;
import dev.wharfinger.operator.model.ActiveBackend;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The objects behind what a pass observed; its actions work on these very versions.
 *
 * @param observed what the state machine sees
 * @param migration the migration as it is now, not as a cache has it
 * @param move null where the instance is gone
 * @param active where the data is
 * @param binding the binding Secret
 * @param credentials the PostgreSQL server's credentials
 * @param dataClaim the SQLite file's claim
 * @param serverClaim the PostgreSQL server's claim
 * @param jobs the Jobs that exist
 * @param consumers the consumers with their pods
 * @param place where a consumer's pod mounts the data
 * @param transferPod the pod of the transfer
 * @param report the report, as far as there is one
 */
record MigrationView(
    Observed observed,
    StorageMigration migration,
    @Nullable Move move,
    ActiveBackend active,
    @Nullable Secret binding,
    @Nullable Secret credentials,
    @Nullable PersistentVolumeClaim dataClaim,
    @Nullable PersistentVolumeClaim serverClaim,
    Map<JobRole, Job> jobs,
    List<FoundConsumer> consumers,
    @Nullable Place place,
    @Nullable Pod transferPod,
    MigrationReport report) {}
