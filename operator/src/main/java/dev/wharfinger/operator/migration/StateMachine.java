package dev.wharfinger.operator.migration;

import static dev.wharfinger.api.v1alpha1.MigrationPhase.FAILED;
import static dev.wharfinger.api.v1alpha1.MigrationPhase.REQUESTED;

import dev.wharfinger.api.v1alpha1.MigrationPhase;
import dev.wharfinger.operator.job.AbortOutcome;
import dev.wharfinger.operator.migration.MigrationState.Mood;
import dev.wharfinger.operator.migration.Observed.Intent;
import dev.wharfinger.operator.model.Annotations;
import java.util.List;

/**
 * The switch. A pure function from what is seen to what is done: it remembers nothing, so a crash
 * at any point, a second leader or a lost status leaves it where the world stands.
 *
 * <p>The order of the questions is the safety argument. A flipped binding and a committed marker
 * come first because nothing may go back behind them; then everything that takes the move back;
 * only then the way forward.
 */
public final class StateMachine {
  private StateMachine() {}

  /** What to do next. */
  public static MigrationState next(Observed o) {
    Intent intent = o.intent();
    if (intent.ended() != null) {
      return ended(intent, intent.ended());
    }
    if (intent.dryRun()) {
      return DryRun.next(o);
    }
    if (!intent.byOperator()) {
      return byHand(intent);
    }
    if (o.target().flipped()) {
      return Switch.flipped(o);
    }
    if (!intent.instancePresent()) {
      return WayBack.withoutInstance(o);
    }
    if (o.jobs().committed()) {
      return Switch.committed(o);
    }
    if (o.jobs().abort() == AbortOutcome.COMMITTED) {
      return Switch.confirm(o);
    }
    return intent.takenBack() ? WayBack.next(o) : Forward.next(o);
  }

  private static MigrationState byHand(Intent intent) {
    if (intent.rollback() != null) {
      return MigrationState.end(REQUESTED, FAILED, reason(intent), message(intent), List.of());
    }
    return MigrationState.giveUp(
        "CreatedByHand",
        "data is moved by changing spec.backend of the StorageInstance; a StorageMigration made by hand needs"
            + " dryRun: true");
  }

  private static MigrationState ended(Intent intent, MigrationPhase phase) {
    Mood mood = phase == FAILED ? Mood.STALLED : Mood.GOOD;
    String reason =
        switch (phase) {
          case DONE -> "Switched";
          case PLANNED -> "Planned";
          case ROLLED_BACK -> "Cancelled";
          default -> reason(intent);
        };
    String message =
        switch (phase) {
          case DONE -> "the application runs on the new backend; the old volume is kept as it was";
          case PLANNED -> "nothing stands in the way; the report has the details";
          case ROLLED_BACK -> "taken back; the application runs on the old backend";
          default -> message(intent);
        };
    return new MigrationState(phase, mood, reason, message, List.of(), null);
  }

  /** The reason in {@link Annotations#ROLLBACK}. */
  static String reason(Intent intent) {
    String text = intent.rollback();
    int colon = text == null ? -1 : text.indexOf(": ");
    return text == null ? "Cancelled" : colon < 1 ? "Failed" : text.substring(0, colon);
  }

  /** The message in {@link Annotations#ROLLBACK}. */
  static String message(Intent intent) {
    String text = intent.rollback();
    int colon = text == null ? -1 : text.indexOf(": ");
    return text == null ? "taken back" : colon < 1 ? text : text.substring(colon + 2);
  }
}
