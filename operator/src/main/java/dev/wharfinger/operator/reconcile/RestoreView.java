package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.StorageRestore;
import dev.wharfinger.operator.job.RestoreRole;
import dev.wharfinger.operator.migration.FoundConsumer;
import dev.wharfinger.operator.model.InstanceModel;
import dev.wharfinger.operator.restore.RestoreScene;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The objects behind what a pass observed; its actions work on these very versions.
 *
 * @param scene what the state machine sees
 * @param restore the restore as it is now, not as a cache has it
 * @param model null where the instance is gone
 * @param claim the volume's claim, or null
 * @param jobs the Jobs that exist
 * @param consumers the consumers with their pods
 */
record RestoreView(
    RestoreScene scene,
    StorageRestore restore,
    @Nullable InstanceModel model,
    @Nullable PersistentVolumeClaim claim,
    Map<RestoreRole, Job> jobs,
    List<FoundConsumer> consumers) {}
