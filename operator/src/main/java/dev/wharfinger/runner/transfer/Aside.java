package dev.wharfinger.runner.transfer;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work beside that of this thread. It is over when this is closed, so nothing that it reads is
 * taken away from it.
 */
final class Aside<T> implements AutoCloseable {
  private final FutureTask<T> task;
  private final Thread thread;
  private final Runnable stop;

  /**
   * Begins the work.
   *
   * @param stop asks the work to come to an end, for when nobody wants its result any more
   */
  Aside(String name, Callable<T> work, Runnable stop) {
    this.task = new FutureTask<>(work);
    this.stop = stop;
    this.thread = Thread.ofPlatform().name(name).daemon().start(task);
  }

  /** Waits for the result; throws what the work has thrown. */
  T get() throws Exception {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      } else if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public void close() throws InterruptedException {
    while (thread.isAlive()) {
      // More than once: between two queries nobody hears it.
      stop.run();
      thread.join(100);
    }
  }
}
