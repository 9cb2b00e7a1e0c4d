package dev.wharfinger.operator.reconcile;

import dev.wharfinger.api.v1alpha1.BackupOverview;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.OperatorConfig;
import dev.wharfinger.operator.backup.BackupState;
import dev.wharfinger.operator.backup.BackupTurn;
import dev.wharfinger.operator.dependent.ScheduledBackup;
import dev.wharfinger.operator.event.Events;
import dev.wharfinger.operator.model.Labels;
import dev.wharfinger.operator.model.StalledException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes the StorageBackup of a slot, where nothing stands in its way. Creating is all that is done:
 * who dies before or after it finds the same slot due, or its StorageBackup made.
 */
final class ScheduledBackupHands {
  private final OperatorConfig config;
  private final KubernetesClient client;
  private final Instant now;

  ScheduledBackupHands(OperatorConfig config, KubernetesClient client, Instant now) {
    this.config = config;
    this.client = client;
    this.now = now;
  }

  /** Does what there is to do; returns what a backup that is due waits for, or null. */
  @Nullable String act(StorageInstance instance, BackupTurn turn) {
    return switch (turn.what()) {
      case BackupTurn.Nothing nothing -> null;
      case BackupTurn.After after ->
          "StorageBackup " + after.name() + ", which the schedule has made before, ends first";
      case BackupTurn.Late late -> {
        tell(instance, late);
        yield null;
      }
      case BackupTurn.Make make -> make(instance, make);
    };
  }

  private void tell(StorageInstance cached, BackupTurn.Late late) {
    // The cache may be behind the very status that told it.
    StorageInstance live = client.resource(cached).get();
    BackupOverview told =
        live == null || live.getStatus() == null ? null : live.getStatus().backup();
    if (told == null || !late.slot().at().toString().equals(told.lastSlot())) {
      Events.record(
          client,
          cached,
          Events.WARNING,
          "BackupMissed",
          "it is too late for the backup of "
              + late.slot().at()
              + " by backup.startingDeadline; slots missed: "
              + late.missed(),
          now);
    }
  }

  private @Nullable String make(StorageInstance instance, BackupTurn.Make make) {
    StorageBackup desired = ScheduledBackup.desired(instance, make);
    try {
      StorageBackup made = client.resource(desired).get();
      if (made != null && Labels.isOurs(made, instance)) {
        // The cache does not have it yet, and what it waits for is not what the slot waits for.
        return null;
      }
      BackupState obstacle =
          BackupScene.look(client, config, desired, null, instance).scene().obstacle();
      if (obstacle != null) {
        return obstacle.message();
      }
      client.resource(desired).create();
    } catch (StalledException e) {
      return e.explanation();
    } catch (KubernetesClientException e) {
      return refused(instance, desired, e);
    }
    Events.record(
        client,
        instance,
        Events.NORMAL,
        "Backup" + make.trigger().word(),
        "StorageBackup "
            + desired.getMetadata().getName()
            + " was made for "
            + make.slot().at()
            + (make.missed() == 0 ? "" : "; slots before it that were missed: " + make.missed()),
        now);
    return null;
  }

  /** That it is there is as good as made, whoever was faster; nothing else is. */
  private @Nullable String refused(
      StorageInstance instance, StorageBackup desired, KubernetesClientException e) {
    // Also where a webhook is down: a backup that is late does not make a server unready.
    if (e.getStatus() == null || e.getCode() < 400) {
      throw e;
    }
    StorageBackup live =
        e.getCode() == HttpURLConnection.HTTP_CONFLICT ? client.resource(desired).get() : null;
    if (live == null) {
      return "the API server refused: " + e.getStatus().getMessage();
    }
    return Labels.isOurs(live, instance)
        ? null
        : "StorageBackup "
            + live.getMetadata().getName()
            + " exists and was not made for this; delete it, which leaves its set";
  }
}
