package dev.wharfinger.runner.backup.store;

import java.io.IOException;

/** Somebody else's object has this key. */
public final class ObjectExistsException extends IOException {
  private static final long serialVersionUID = 1L;

  public ObjectExistsException(String key) {
    super("there is an object " + key + " already");
  }
}
