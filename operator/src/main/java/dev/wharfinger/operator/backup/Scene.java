package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.Backend;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a backup that is to begin, read live.
 *
 * @param instance name of the instance
 * @param present whether it is there
 * @param deleting whether it is being deleted
 * @param configured whether its {@code spec.backup} says where sets are kept
 * @param bound whether its application was told of a database, so that there is one
 * @param backend the backend that holds the data
 * @param filesMissing the claim with files that belong to a set of the server too, where it is not
 *     there to stay; else null
 * @param dataPresent whether the SQLite volume is there to stay
 * @param lacking name of the Secret that a Job would log in with, where it is not there; or null
 * @param serverReady whether PostgreSQL can be asked
 * @param suspended whether the server is stopped on purpose
 * @param move kind and name of a move or a restore that has not ended, or null
 * @param schemaJob name of a Job that migrates the schema, or null
 * @param passwordJob name of a Job that gives the server's role another password, or null
 * @param backup name of another Job that makes a backup of this instance, or null
 * @param claim name of the claim that sets are kept on
 * @param target what is known of that claim
 */
public record Scene(
    String instance,
    boolean present,
    boolean deleting,
    boolean configured,
    boolean bound,
    Backend backend,
    @Nullable String filesMissing,
    boolean dataPresent,
    @Nullable String lacking,
    boolean serverReady,
    boolean suspended,
    @Nullable String move,
    @Nullable String schemaJob,
    @Nullable String passwordJob,
    @Nullable String backup,
    String claim,
    Target target) {

  /** What is known of the claim that sets are kept on. */
  public enum Target {
    /** It can be written to. */
    THERE,
    /** It is not there, and the operator makes it. */
    TO_BE_MADE,
    /** It is not there, and somebody else makes it. */
    MISSING,
    /** It is being deleted. */
    TERMINATING,
    /** It has the name of one that the operator makes, and somebody else made it. */
    FOREIGN,
    /** It holds the data of an instance. */
    DATA;

    /** Whether what was kept there is gone, or goes. */
    public boolean gone() {
      return this == TO_BE_MADE || this == MISSING || this == TERMINATING;
    }
  }

  /** What keeps the backup from beginning, in the order in which it can be helped; or null. */
  public @Nullable BackupState obstacle() {
    BackupState state = ofInstance();
    if (state == null) {
      state = ofTarget();
    }
    if (state == null) {
      state = ofOthers();
    }
    return state == null ? ofData() : state;
  }

  private @Nullable BackupState ofInstance() {
    if (!present) {
      return BackupState.stalled(
          "InstanceNotFound",
          "there is no StorageInstance "
              + instance
              + " in this namespace: make it, or delete this");
    }
    if (deleting) {
      return BackupState.stalled(
          "InstanceNotFound",
          "StorageInstance " + instance + " is being deleted, and no backup of it is begun");
    }
    return configured
        ? null
        : BackupState.stalled(
            "BackupNotConfigured",
            "StorageInstance "
                + instance
                + " does not say where sets are kept: add spec.backup.target, for example"
                + " {persistentVolumeClaim: {size: 10Gi}}");
  }

  private @Nullable BackupState ofTarget() {
    return switch (target) {
      case THERE, TO_BE_MADE -> null;
      case MISSING ->
          BackupState.stalled(
              "TargetMissing",
              "claim " + claim + ", which backup.target names, is not there: make it");
      case TERMINATING ->
          BackupState.stalled(
              "TargetMissing",
              "claim " + claim + " is being deleted, with all sets on it; copy them away first");
      case FOREIGN ->
          BackupState.stalled(
              "NameConflict",
              "claim "
                  + claim
                  + " exists and was not made by the operator; if sets are to be kept there, say so with"
                  + " backup.target.persistentVolumeClaim.claimName");
      case DATA ->
          BackupState.stalled(
              "TargetHoldsData",
              "claim "
                  + claim
                  + ", which backup.target names, holds the data of a StorageInstance, and sets would be lost with it:"
                  + " name another claim in backup.target.persistentVolumeClaim.claimName, or say size instead");
    };
  }

  private @Nullable BackupState ofOthers() {
    if (move != null) {
      return BackupState.waiting("WaitingForMove", move + " is under way, and ends first");
    }
    if (schemaJob != null) {
      return BackupState.waiting(
          "WaitingForSchema", "Job " + schemaJob + " migrates the schema, and ends first");
    }
    if (passwordJob != null) {
      return BackupState.waiting(
          "WaitingForServer",
          "Job " + passwordJob + " gives the role another password, and ends first");
    }
    return backup == null
        ? null
        : BackupState.waiting(
            "WaitingForBackup", "Job " + backup + " makes another backup, and ends first");
  }

  private @Nullable BackupState ofData() {
    if (!bound) {
      return BackupState.waiting(
          "WaitingForInstance",
          "StorageInstance " + instance + " has no database yet; its conditions say why");
    }
    if (backend == Backend.SQLITE) {
      return dataPresent
          ? null
          : BackupState.stalled(
              "DataMissing",
              "the SQLite volume of StorageInstance "
                  + instance
                  + " is gone or going; its conditions say what to do");
    }
    if (filesMissing != null) {
      return BackupState.stalled(
          "DataMissing",
          "claim "
              + filesMissing
              + ", which has the files of backup.extraPaths, is gone or going, or was never there: bring it back, name"
              + " another in backup.filesClaimName, or remove backup.extraPaths");
    }
    if (suspended) {
      return BackupState.stalled(
          "WaitingForServer",
          "PostgreSQL of StorageInstance " + instance + " is stopped: remove suspend");
    }
    if (lacking != null) {
      return BackupState.waiting(
          "WaitingForServer",
          "Secret "
              + lacking
              + " is not there with the password to log in with; the conditions of StorageInstance "
              + instance
              + " say what keeps it from being made");
    }
    return serverReady
        ? null
        : BackupState.waiting("WaitingForServer", "waiting for PostgreSQL to become ready");
  }
}
