package dev.wharfinger.runner.backup.store;

import java.io.IOException;

/** The store was reached and says that it has no such object. */
public final class MissingObjectException extends IOException {
  private static final long serialVersionUID = 1L;

  public MissingObjectException(String key) {
    super("there is no object " + key);
  }
}
