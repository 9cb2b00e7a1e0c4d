package dev.wharfinger.runner.backup.store;

import java.io.IOException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The place does not do what it is asked for, and it is known why. The reason is one of {@code
 * docs/backup-command.md}, the message says what is wrong and names the way out.
 */
public final class TargetException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_CAUSES = 20;
  private final String reason;
  private final boolean permanent;
  private final boolean ofOneObject;

  private TargetException(String reason, String message, boolean permanent, boolean ofOneObject) {
    super(message);
    this.reason = reason;
    this.permanent = permanent;
    this.ofOneObject = ofOneObject;
  }

  /** Trying again cannot help. */
  public static TargetException refused(String reason, String message) {
    return new TargetException(reason, message, true, false);
  }

  /** Trying again may help. */
  public static TargetException failed(String reason, String message) {
    return new TargetException(reason, message, false, false);
  }

  /** The same, of one object: others may do better. */
  public TargetException ofOneObject() {
    return new TargetException(reason, text(), permanent, true);
  }

  /** The one that is behind an error; null where there is none. */
  public static @Nullable TargetException in(Throwable error) {
    return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
        .limit(MOST_CAUSES)
        .filter(TargetException.class::isInstance)
        .map(TargetException.class::cast)
        .findFirst()
        .orElse(null);
  }

  /** What programs read, in lower case with hyphens. */
  public String reason() {
    return reason;
  }

  /** Whether trying again cannot help. */
  public boolean permanent() {
    return permanent;
  }

  /** Whether it says nothing of other objects. */
  public boolean concernsOneObject() {
    return ofOneObject;
  }

  /** What people read. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
