package dev.wharfinger.runner.transfer.scratch;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where SQLite makes its temporary files. They have no name once they are open, so that nothing is
 * left of them after the process, however that ends.
 */
public final class TemporaryFiles {
  /** Of a node's disk, a tenth must stay free, or the kubelet evicts pods; and some more. */
  private static final int PERCENT_LEFT_FREE = 15;

  private TemporaryFiles() {}

  /** The directory, found as SQLite finds it. */
  public static Path directory() {
    String[] places = {
      System.getenv("SQLITE_TMPDIR"), System.getenv("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp"
    };
    for (String place : places) {
      if (place != null && Files.isDirectory(Path.of(place)) && Files.isWritable(Path.of(place))) {
        return Path.of(place);
      }
    }
    return Path.of(".");
  }

  /** Bytes that may be taken there; 0 on a volume that is nearly full. */
  public static long room() throws IOException {
    FileStore volume = Files.getFileStore(directory());
    return Math.max(0, volume.getUsableSpace() - volume.getTotalSpace() / 100 * PERCENT_LEFT_FREE);
  }
}
