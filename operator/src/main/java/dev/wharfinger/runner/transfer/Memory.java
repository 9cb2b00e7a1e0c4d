package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.codec.TargetType;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * How long a row may be for the memory that Java has. A row is in memory several times over while
 * it is read, encoded, sent and read back; how often was measured, by type and direction.
 */
public final class Memory {
  /** What everything else takes. */
  private static final long OTHER = 16 << 20;

  /** Copies of which each of several workers may keep its own. */
  private static final int KEPT = 3;

  private Memory() {}

  /** Bytes that the copies of one row may take together. */
  public static long forOneRow() {
    return Math.max(1, Runtime.getRuntime().maxMemory() - OTHER);
  }

  /**
   * How often a value is in memory on the way to PostgreSQL.
   *
   * @param workers how many tables or chunks are copied at a time
   */
  static int copiesForward(TargetType type, boolean readByServer, int workers) {
    int copies =
        type.elementOid() != 0
            ? 24
            : switch (type.name()) {
              case "jsonb" -> 12;
              case "json" -> 7;
              default -> readByServer ? 9 : 6;
            };
    return Math.max(copies, KEPT * workers * copies / 6);
  }

  /** How often a value of a type is in memory on the way back. */
  public static int copiesBack(String type) {
    if (type.startsWith("array:")) {
      // Beside its text, element by element.
      return 30;
    }
    return switch (type) {
      case "bytea" -> 6;
      case "jsonb" -> 12;
      default -> 10;
    };
  }

  /**
   * What to say of rows that are too large: no value, but sizes.
   *
   * @param largest bytes of the largest
   * @param together bytes of all its copies
   */
  public static String explain(long largest, long together) {
    return "the largest has %d bytes; Java has %d bytes of memory here, which is enough for a row of %d"
        .formatted(
            largest,
            Runtime.getRuntime().maxMemory(),
            (long) (forOneRow() / (together / (double) largest)));
  }

  /** Whether there was not enough of it, which will be so again. */
  public static boolean ranOut(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      // A thread that the system did not give comes another time.
      if (each instanceof OutOfMemoryError
              && !String.valueOf(each.getMessage()).contains("native thread")
          || each instanceof SQLiteException sqlite
              && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_NOMEM.code) {
        return true;
      }
    }
    return false;
  }

  /** Says so where that is what ended a move. */
  public static String refuse(Findings findings) {
    findings.add(
        "",
        "",
        "out-of-memory",
        "Java has %d bytes of memory here".formatted(Runtime.getRuntime().maxMemory()));
    return "there is not enough memory for this database's rows";
  }
}
