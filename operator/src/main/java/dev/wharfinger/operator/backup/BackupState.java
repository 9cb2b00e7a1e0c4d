package dev.wharfinger.operator.backup;

import dev.wharfinger.api.v1alpha1.BackupPhase;
import dev.wharfinger.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * What one look at a backup amounts to.
 *
 * @param phase how far it is
 * @param mood which conditions it makes
 * @param reason the conditions' reason, CamelCase
 * @param message what a person needs to know; no counts of tries, no times, no data
 */
public record BackupState(BackupPhase phase, Mood mood, String reason, String message) {

  /** Which conditions a state makes. */
  public enum Mood {
    /** Work goes on, or what is waited for comes by itself. */
    WORKING,
    /** Somebody must act, or look. */
    STALLED,
    /** Ended as asked for. */
    GOOD
  }

  /** What is waited for comes by itself; nothing was made. */
  static BackupState waiting(String reason, String message) {
    return new BackupState(BackupPhase.PENDING, Mood.WORKING, reason, message);
  }

  /** Somebody must act first; nothing was made. */
  public static BackupState stalled(String reason, String message) {
    return new BackupState(BackupPhase.PENDING, Mood.STALLED, reason, message);
  }

  /** The same once it was decided where its set goes: there may be a part of one. */
  public BackupState begun() {
    return new BackupState(BackupPhase.RUNNING, mood, reason, message);
  }

  /** Its Job is there. */
  public static BackupState working(String reason, String message) {
    return new BackupState(BackupPhase.RUNNING, Mood.WORKING, reason, message);
  }

  /** The conditions, without times. */
  public List<Condition> conditions() {
    return switch (mood) {
      case WORKING -> Conditions.reconciling(reason, message);
      case STALLED -> Conditions.stalled(reason, message);
      case GOOD -> Conditions.ready(reason, message);
    };
  }
}
