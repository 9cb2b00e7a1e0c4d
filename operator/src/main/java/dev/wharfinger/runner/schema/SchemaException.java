package dev.wharfinger.runner.schema;

/** Why migrations were not run, or not to their end. */
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String code;
  private final boolean mayPass;

  private SchemaException(String code, String message, boolean mayPass) {
    super(message);
    this.code = code;
    this.mayPass = mayPass;
  }

  /** Something that somebody has to mend. */
  public static SchemaException lasting(String code, String message) {
    return new SchemaException(code, message, false);
  }

  /** Something that may be over in a while. */
  public static SchemaException passing(String code, String message) {
    return new SchemaException(code, message, true);
  }

  /** A word for programs. */
  public String code() {
    return code;
  }

  /** Whether trying again may help. */
  public boolean mayPass() {
    return mayPass;
  }
}
