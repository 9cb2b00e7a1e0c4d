package dev.wharfinger.e2e.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one operator and the API server: records every request in order, and spoils those
 * that a rule names. It speaks plain HTTP. Unless it is told to take WebSockets too it refuses
 * them, and the operator's client watches by long answers, as it does behind {@code kubectl proxy}.
 */
final class FaultProxy implements AutoCloseable {
  static {
    // Small answers must not wait for the acknowledgement of those before.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Upstream upstream;
  private final String account;
  private final History history;
  private final HttpServer server;
  private final List<Action.Rule> rules = new CopyOnWriteArrayList<>();
  private final Watches watches = new Watches();
  private final @Nullable Front front;

  /**
   * Listens at once.
   *
   * @param account the service account that the operator acts as: {@code NAMESPACE:NAME}
   * @param webSockets whether the operator may watch by WebSocket
   */
  FaultProxy(Upstream upstream, String account, History history, boolean webSockets) {
    this.upstream = upstream;
    this.account = account;
    this.history = history;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    front =
        webSockets
            ? new Front(server.getAddress(), new WebSockets(this, upstream, account, history))
            : null;
  }

  URI uri() {
    int port = front == null ? server.getAddress().getPort() : front.port();
    return URI.create("http://127.0.0.1:" + port);
  }

  /** A kubeconfig that leads here. */
  String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: proxy, cluster: {server: "%s"}}]
    contexts: [{name: proxy, context: {cluster: proxy, user: nobody}}]
    current-context: proxy
    users: [{name: nobody, user: {}}]
    """
        .formatted(uri());
  }

  /** Puts a rule before those there are. */
  void add(Action.Rule rule) {
    rules.addFirst(rule);
  }

  void remove(Action.Rule rule) {
    rules.remove(rule);
  }

  /** The operator's watches, to be held, cut and expired. */
  Watches watches() {
    return watches;
  }

  /** What the API server says to a GET of the operator. */
  byte[] read(URI uri) {
    try {
      return upstream.send("GET", uri, Map.of(), new byte[0], account).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
        // The client tries again after any other code, for twenty seconds.
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      byte[] body = exchange.getRequestBody().readAllBytes();
      ApiRequest request =
          ApiRequest.of(exchange.getRequestMethod(), exchange.getRequestURI(), body);
      history.asked(request);
      serve(exchange, request, decide(request));
    }
  }

  /** What the rules say to a request. */
  Action decide(ApiRequest request) {
    return rules.stream()
        .map(rule -> rule.on(request))
        .filter(action -> action != Action.PASS)
        .findFirst()
        .orElse(Action.PASS);
  }

  private void serve(HttpExchange exchange, ApiRequest request, Action action) throws IOException {
    switch (action) {
      case Action.Lose() -> request.code = -1;
      case Action.Unanswered() -> forward(exchange, request);
      case Action.Delay(var time) -> {
        pause(time);
        answer(exchange, request);
      }
      case Action.Answer(int code, var headers, byte[] body) -> {
        request.code = code;
        headers.forEach(exchange.getResponseHeaders()::set);
        write(exchange, code, body);
      }
      case Action.Then(boolean before, Runnable act) -> {
        HttpResponse<byte[]> response = forward(exchange, request);
        if (before) {
          act.run();
        } else {
          answer(exchange, response);
          act.run();
        }
      }
      case Action.Silence() -> {
        request.code = 200;
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        watches.silence(request, new HttpWatch(exchange, request, InputStream.nullInputStream()));
      }
      case Action.Pass() -> answer(exchange, request);
    }
  }

  private void answer(HttpExchange exchange, ApiRequest request) throws IOException {
    if (request.verb().equals("watch")) {
      var stream = upstream.open(exchange.getRequestURI(), exchange.getRequestHeaders(), account);
      request.code = stream.statusCode();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(stream.statusCode(), 0);
      watches.relay(request, new HttpWatch(exchange, request, stream.body()));
    } else {
      answer(exchange, forward(exchange, request));
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, ApiRequest request)
      throws IOException {
    HttpResponse<byte[]> response =
        upstream.send(
            exchange.getRequestMethod(),
            exchange.getRequestURI(),
            exchange.getRequestHeaders(),
            request.body(),
            account);
    request.code = response.statusCode();
    return response;
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    for (String name : new String[] {"content-type", "retry-after", "warning"}) {
      response.headers().allValues(name).forEach(v -> exchange.getResponseHeaders().add(name, v));
    }
    write(exchange, response.statusCode(), response.body());
  }

  private static void write(HttpExchange exchange, int code, byte[] body) throws IOException {
    if (!exchange.getResponseHeaders().containsKey("Content-Type")) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
    }
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.getResponseBody().close();
  }

  private static void pause(java.time.Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    watches.cut(resource -> true);
    server.stop(0);
    if (front != null) {
      front.close();
    }
  }
}
