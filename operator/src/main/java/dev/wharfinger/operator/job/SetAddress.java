package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.StorageBackup;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.operator.model.ActiveBackend;
import dev.wharfinger.operator.model.Names;
import java.util.Locale;

/**
 * What the set of a backup is called, and where it is kept. Both derive from the resources alone,
 * so that a second Job finds what the first one made.
 *
 * @param id what it is called
 * @param backend the backend that holds the data
 * @param prefix the folder: one for each instance that ever was, and each backend it was on since
 *     another move, so that no writer ever meets the sets of another
 */
public record SetAddress(String id, Backend backend, String prefix) {
  private static final int LONGEST = 46;
  private static final String JOB = "backup-";

  /** The set of a backup that is made now. */
  public static SetAddress of(
      StorageBackup backup, StorageInstance instance, ActiveBackend active) {
    return new SetAddress(id(backup), active.backend(), prefix(instance, active));
  }

  /** The folder that sets of the present data go to. */
  public static String prefix(StorageInstance instance, ActiveBackend active) {
    return writer(instance)
        + "/"
        + instance.getMetadata().getUid()
        + "/"
        + active.backend().toString().toLowerCase(Locale.ROOT)
        + "-"
        + active.epoch();
  }

  /** Who writes the sets of an instance. */
  public static String writer(StorageInstance instance) {
    return instance.getMetadata().getNamespace() + "." + instance.getMetadata().getName();
  }

  /** The backup's name, as far as it fits, and a hash of its uid: a namesake has another set. */
  public static String id(StorageBackup backup) {
    String name = backup.getMetadata().getName().replace('.', '-');
    String words = name.substring(0, Math.min(name.length(), LONGEST));
    return words
        + "-"
        + Names.hash(backup.getMetadata().getName() + "\n" + backup.getMetadata().getUid());
  }

  /** Name of the Job that makes it. */
  public static String jobName(StorageBackup backup) {
    return JOB + id(backup);
  }
}
