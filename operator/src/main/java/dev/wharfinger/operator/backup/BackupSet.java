package dev.wharfinger.operator.backup;

import java.time.Instant;
import java.util.Comparator;

/**
 * What retention has to know of a backup set.
 *
 * @param id its name
 * @param at when its data were read, by its manifest; of a set without data, when it was asked for.
 *     Nothing else tells the order of sets: names, positions in a log and times of objects begin
 *     anew where a database does
 * @param held somebody said that it stays
 * @param inUse a restore, a drill, an upgrade, or a point in time that can be gone back to needs it
 * @param lineage the life of the data it belongs to; another one begins with a restore, another
 *     engine or a new major version
 */
public record BackupSet(
    String id, Instant at, State state, Level level, boolean held, boolean inUse, String lineage) {
  /** The newest first; of the same moment in the order of their names, so that there is one. */
  static final Comparator<BackupSet> NEWEST_FIRST =
      Comparator.comparing(BackupSet::at).thenComparing(BackupSet::id).reversed();

  /** What became of it. */
  public enum State {
    /** It can be restored, as far as {@link Level} says. */
    COMPLETED,
    /** Much smaller than the one before; somebody has to look. */
    SUSPICIOUS,
    /** It has no manifest, and will not get one. */
    FAILED,
    /** Waiting or at work. */
    UNFINISHED,
    /** The target does not show it any more. */
    LOST,
    /** Its manifest says that it is being deleted. */
    DELETING
  }

  /** How far it is proven, from less to more. */
  public enum Level {
    /** Its objects are there. */
    STORED,
    /** They have the bytes they should have. */
    HASH_VERIFIED,
    /** They were opened. */
    OPENED,
    /** They were restored and compared. */
    RESTORED,
    /** The application has started on them. */
    APP_VERIFIED
  }

  boolean isProven() {
    return level.compareTo(Level.RESTORED) >= 0;
  }
}
