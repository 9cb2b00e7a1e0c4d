package dev.wharfinger.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What several processes of a test run need, and one of them makes. */
final class OneAtATime {
  /** What is to be done while nobody else does it. */
  interface Work {
    void run() throws Exception;
  }

  private OneAtATime() {}

  /** Makes the folder, and waits there for whoever is at work. */
  static synchronized void in(Path folder, Work work) throws Exception {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("the lock in " + folder + " is lost");
      }
      work.run();
    }
  }
}
