package dev.wharfinger.runner.transfer.backward;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a file on which SQLite has locks in this process. POSIX takes all locks of a process
 * on a file away as soon as it closes any descriptor of that file, so what is opened here stays
 * open until the process ends.
 */
final class LockedFile {
  private static final int AT_ONCE = 1 << 20;

  /** Kept from being collected, which would close them. */
  private static final List<FileChannel> OPEN = new ArrayList<>();

  private LockedFile() {}

  private static FileChannel open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    synchronized (OPEN) {
      OPEN.add(channel);
    }
    return channel;
  }

  /** Whether two files have the same bytes. */
  static boolean same(Path one, Path other) throws IOException {
    FileChannel here = open(one);
    FileChannel there = open(other);
    if (here.size() != there.size()) {
      return false;
    }
    ByteBuffer left = ByteBuffer.allocate(AT_ONCE);
    ByteBuffer right = ByteBuffer.allocate(AT_ONCE);
    for (long at = 0; at < here.size(); at += left.limit()) {
      fill(here, at, left);
      fill(there, at, right);
      if (left.limit() == 0 || !left.equals(right)) {
        return false;
      }
    }
    return true;
  }

  private static void fill(FileChannel channel, long from, ByteBuffer buffer) throws IOException {
    buffer.clear();
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
      // Less may come at a time than was asked for.
    }
    buffer.flip();
  }

  /** Makes {@code copy} anew, readable by nobody else. */
  static void copy(Path file, Path copy) throws IOException {
    Files.deleteIfExists(copy);
    Files.createFile(
        copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    FileChannel from = open(file);
    try (FileChannel to = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      long at = 0;
      for (long sent = 1; sent > 0; at += sent) {
        sent = from.transferTo(at, Long.MAX_VALUE - at, to);
      }
      if (at != from.size()) {
        throw new IOException("not all of " + file + " could be copied");
      }
    }
  }
}
