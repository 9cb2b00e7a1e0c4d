package dev.wharfinger.runner.backup.store;

import java.io.IOException;
import java.io.OutputStream;

/** The bytes of one object. Closed without {@link #commit} it leaves nothing behind. */
public abstract class ObjectWriter extends OutputStream {

  /**
   * Makes the object appear, once everything is where a power cut does not reach it.
   *
   * @throws ObjectExistsException where somebody else's is there
   */
  public abstract void commit() throws IOException;

  @Override
  public abstract void close() throws IOException;
}
