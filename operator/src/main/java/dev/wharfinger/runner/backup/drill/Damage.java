package dev.wharfinger.runner.backup.drill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What is done to a file of a copy, to see whether it is noticed. */
enum Damage {
  FLIPPED_BYTE("flipped-byte") {
    @Override
    void to(Path file, long place) throws IOException {
      try (FileChannel open =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        if (open.read(one, place) != 1) {
          throw new IOException(file + " ends before byte " + place);
        }
        one.put(0, (byte) (one.get(0) ^ 1)).flip();
        open.write(one, place);
      }
    }
  },
  MISSING_OBJECT("missing-object") {
    @Override
    void to(Path file, long place) throws IOException {
      Files.delete(file);
    }
  },
  TRUNCATED_OBJECT("truncated-object") {
    @Override
    void to(Path file, long place) throws IOException {
      try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
        open.truncate(place);
      }
    }
  };

  private final String word;

  Damage(String word) {
    this.word = word;
  }

  /** For programs. */
  String word() {
    return word;
  }

  /**
   * Does it.
   *
   * @param place a byte of the file, counted from 0
   */
  abstract void to(Path file, long place) throws IOException;
}
