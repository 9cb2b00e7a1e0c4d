package dev.wharfinger.e2e.fault;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What an API server shows that is behind: the lists of its cache as they were once, and no news. A
 * read of a single object, and a list that insists on the latest, are answered truly, as a real API
 * server does by asking etcd.
 */
final class OldView implements Action.Rule {
  private static final String FROM_THE_CACHE = "resourceVersion=0";

  private final FaultProxy proxy;
  private final Map<String, byte[]> lists = new ConcurrentHashMap<>();

  private OldView(FaultProxy proxy) {
    this.proxy = proxy;
  }

  /** Remembers lists. */
  static OldView of(FaultProxy proxy, Stream<URI> uris) {
    OldView view = new OldView(proxy);
    uris.forEach(uri -> view.lists.computeIfAbsent(key(uri), k -> proxy.read(uri)));
    return view;
  }

  /** Remembers everything that an operator's informers have listed so far. */
  static OldView of(Lane lane) {
    return of(
        lane.proxy(),
        lane.history()
            .requests(0)
            .filter(r -> r.verb().equals("list") && fromTheCache(r.uri()))
            .map(ApiRequest::uri));
  }

  private static boolean fromTheCache(URI uri) {
    return uri.getRawQuery() != null && uri.getRawQuery().contains(FROM_THE_CACHE);
  }

  private static String key(URI uri) {
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    return uri.getPath()
        + Stream.of(query.split("&"))
            .filter(p -> p.startsWith("labelSelector="))
            .findFirst()
            .orElse("");
  }

  /** From now on the operator sees nothing newer of these. */
  void show() {
    proxy.add(this);
    proxy.watches().cut(resource -> true);
  }

  /** The API server has caught up. */
  void hide() {
    proxy.remove(this);
    proxy.watches().cut(resource -> true);
  }

  @Override
  public Action on(ApiRequest request) {
    byte[] old = lists.get(key(request.uri()));
    if (old == null) {
      return Action.PASS;
    } else if (request.verb().equals("watch")) {
      return new Action.Silence();
    }
    return request.verb().equals("list") && fromTheCache(request.uri())
        ? new Action.Answer(200, Map.of(), old)
        : Action.PASS;
  }
}
