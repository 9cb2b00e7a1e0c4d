package dev.wharfinger.testing;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records every request of a client that would change something, leases apart. */
public final class Writes implements Interceptor {
  private static final Set<String> MUTATING = Set.of("POST", "PUT", "PATCH", "DELETE");

  private final List<String> requests = new CopyOnWriteArrayList<>();

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    String path = request.uri().getPath();
    if (MUTATING.contains(request.method()) && !path.contains("/leases")) {
      requests.add(request.method() + " " + path + " " + request.bodyString());
    }
  }

  /** What was sent since the last {@link #forget}: method, path and body, one a line. */
  public List<String> seen() {
    return List.copyOf(requests);
  }

  /** Begins again. */
  public void forget() {
    requests.clear();
  }
}
