package dev.wharfinger.runner.transfer.large;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The chunks that wait, for several workers. A table's first chunk, with which its old rows go, is
 * done before any other of the table begins.
 */
public final class ChunkQueue {
  private final List<Chunk> waiting = new LinkedList<>();
  private final Set<String> begun = new HashSet<>();

  /** A queue of all that are not done. */
  public ChunkQueue(List<Chunk> chunks) {
    for (Chunk chunk : chunks) {
      if (chunk.done() == null) {
        waiting.add(chunk);
      } else {
        begun.add(chunk.target());
      }
    }
  }

  /** The next chunk; waits for one whose time has not come; empty at the end. */
  public synchronized Optional<Chunk> next() throws InterruptedException {
    while (!waiting.isEmpty()) {
      for (Iterator<Chunk> all = waiting.iterator(); all.hasNext(); ) {
        Chunk chunk = all.next();
        if (chunk.first() || begun.contains(chunk.target())) {
          all.remove();
          return Optional.of(chunk);
        }
      }
      wait();
    }
    return Optional.empty();
  }

  /** Hears that a chunk is committed. */
  public synchronized void done(Chunk chunk) {
    if (begun.add(chunk.target())) {
      notifyAll();
    }
  }

  /** Gives out no more. */
  public synchronized void stop() {
    waiting.clear();
    notifyAll();
  }
}
