package dev.wharfinger.e2e.fault;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The open watches of one operator, event by event. */
final class Watches {
  private static final String EXPIRED =
      """
      {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
      "message":"too old resource version","reason":"Expired","code":410}}
      """;

  private final Map<Closeable, Open> open = new ConcurrentHashMap<>();
  private final Set<String> held = new HashSet<>();

  private record Open(String resource, Ends ends) {}

  /** The two ends of a watch: the API server, which tells events, and the operator. */
  interface Ends extends Closeable {
    /** Waits for the next event; null at the end. */
    @Nullable String next() throws IOException;

    /** Tells the operator. */
    void send(String event) throws IOException;
  }

  /** Events of these resources wait, in order, until {@link #release}. */
  void hold(String... resources) {
    synchronized (held) {
      held.addAll(Set.of(resources));
    }
  }

  /** Lets the events go that were held. */
  void release() {
    synchronized (held) {
      held.clear();
      held.notifyAll();
    }
  }

  /** Breaks the watches of resources. */
  int cut(Predicate<String> resource) {
    int cut = 0;
    for (Map.Entry<Closeable, Open> entry : open.entrySet()) {
      if (resource.test(entry.getValue().resource())) {
        close(entry.getKey());
        cut++;
      }
    }
    return cut;
  }

  /** Tells the watches of resources that what they know is too old, and ends them. */
  void expire(Predicate<String> resource) {
    for (Map.Entry<Closeable, Open> entry : open.entrySet()) {
      if (resource.test(entry.getValue().resource())) {
        try {
          entry.getValue().ends().send(EXPIRED.strip());
        } catch (IOException e) {
          // It ended by itself.
        }
        close(entry.getKey());
      }
    }
  }

  /** How many are open. */
  int open() {
    return open.size();
  }

  /** Passes events on until one end is gone: that is how a watch ends. */
  void relay(ApiRequest request, Ends ends) {
    open.put(ends, new Open(request.resource(), ends));
    try (ends) {
      for (String event = ends.next(); event != null; event = ends.next()) {
        await(request.resource());
        ends.send(event);
      }
    } catch (IOException e) {
      // Gone.
    } finally {
      open.remove(ends);
    }
  }

  /** A watch on which nothing comes until it is cut. */
  void silence(ApiRequest request, Ends ends) throws IOException {
    CountDownLatch cut = new CountDownLatch(1);
    Closeable both = cut::countDown;
    open.put(both, new Open(request.resource(), ends));
    try (ends) {
      cut.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(both);
    }
  }

  private void await(String resource) throws IOException {
    synchronized (held) {
      while (held.contains(resource)) {
        try {
          held.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException(e);
        }
      }
    }
  }

  private static void close(Closeable watch) {
    try {
      watch.close();
    } catch (IOException e) {
      // Gone already.
    }
  }
}
