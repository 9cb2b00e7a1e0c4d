package dev.wharfinger.testing;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Records every request of a client that would change something, and counts those that only look;
 * leases and watches apart.
 */
public final class Writes implements Interceptor {
  private static final Set<String> MUTATING = Set.of("POST", "PUT", "PATCH", "DELETE");

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong looks = new AtomicLong();

  private final AtomicReference<@Nullable Runnable> intruder = new AtomicReference<>();
  private volatile String trigger = "";

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    String path = request.uri().getPath();
    String query = request.uri().getQuery();
    if ("GET".equals(request.method())
        && !path.contains("/leases")
        && (query == null || !query.contains("watch=true"))) {
      looks.incrementAndGet();
    }
    if (MUTATING.contains(request.method()) && !path.contains("/leases")) {
      String text = request.method() + " " + path;
      requests.add(text + " " + request.bodyString());
      Runnable act = text.contains(trigger) ? intruder.getAndSet(null) : null;
      if (act != null) {
        act.run();
      }
    }
  }

  /** Lets somebody else act once, just before the next write whose method and path hold a text. */
  public void justBefore(String text, Runnable act) {
    trigger = text;
    intruder.set(act);
  }

  /** What was sent since the last {@link #forget}: method, path and body, one a line. */
  public List<String> seen() {
    return List.copyOf(requests);
  }

  /** How often it only looked since then. */
  public long looks() {
    return looks.get();
  }

  /** Begins again. */
  public void forget() {
    requests.clear();
    looks.set(0);
  }
}
