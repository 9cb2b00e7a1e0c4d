package dev.wharfinger.runner.probe;

/**
 * What a probe found.
 *
 * @param code a word for programs; {@link #REACHABLE} when nothing stands in the way
 * @param message what was found and the next command to run; never a password
 * @param mayPass whether it may be different by itself in a while
 */
public record Finding(String code, String message, boolean mayPass) {
  /** The code when the server can be used. */
  public static final String REACHABLE = "reachable";

  /** Something that somebody has to mend. */
  static Finding lasting(String code, String message) {
    return new Finding(code, message, false);
  }

  /** Something that may be over in a while. */
  static Finding passing(String code, String message) {
    return new Finding(code, message, true);
  }

  public boolean reachable() {
    return code.equals(REACHABLE);
  }

  /** The same without a password, whoever put it there: what a server says is not ours. */
  Finding without(Login login) {
    String password = login.password();
    return password == null || password.isEmpty()
        ? this
        : new Finding(code, message.replace(password, "***"), mayPass);
  }
}
