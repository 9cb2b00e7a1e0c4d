package dev.wharfinger.runner.backup;

/**
 * A backup, a verification or a restore must not go on. The reason is one of {@code
 * docs/backup-command.md}, the message says what is wrong and names the way out.
 */
public final class BackupException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String reason;
  private final boolean permanent;

  private BackupException(String reason, String message, boolean permanent) {
    super(message);
    this.reason = reason;
    this.permanent = permanent;
  }

  /** Trying again cannot help. */
  public static BackupException refused(String reason, String message) {
    return new BackupException(reason, message, true);
  }

  /** Trying again may help. */
  public static BackupException failed(String reason, String message) {
    return new BackupException(reason, message, false);
  }

  /** What programs read, in lower case with hyphens. */
  public String reason() {
    return reason;
  }

  /** Whether trying again cannot help. */
  public boolean permanent() {
    return permanent;
  }

  /** What people read. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
