package dev.wharfinger.e2e.fault;

import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The open watches of one operator, event by event. */
final class Watches {
  private static final String EXPIRED =
      """
      {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
      "message":"too old resource version","reason":"Expired","code":410}}
      """;

  private static final Pattern VERSION = Pattern.compile("(?:^|&)resourceVersion=([0-9]+)");
  private static final Map<String, String> KINDS =
      Lookout.KINDS.stream()
          .collect(Collectors.toMap(HasMetadata::getPlural, HasMetadata::getKind));

  private final Map<Closeable, Open> open = new ConcurrentHashMap<>();
  private final Set<String> held = new HashSet<>();

  private record Open(String resource, OutputStream out) {}

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
          write(entry.getValue().out(), EXPIRED.strip());
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

  void relay(HttpExchange exchange, ApiRequest request, HttpResponse<InputStream> stream)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(stream.statusCode(), 0);
    OutputStream out = exchange.getResponseBody();
    Closeable both =
        () -> {
          stream.body().close();
          exchange.close();
        };
    open.put(both, new Open(request.resource(), out));
    try (var lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      begin(request, out);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        await(request.resource());
        write(out, line);
      }
      out.close();
    } catch (IOException e) {
      // One of the two ends is gone: that is how a watch ends.
    } finally {
      open.remove(both);
      close(both);
    }
  }

  /** A watch on which nothing comes until it is cut. */
  void silence(HttpExchange exchange, ApiRequest request) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    begin(request, exchange.getResponseBody());
    CountDownLatch cut = new CountDownLatch(1);
    Closeable both = cut::countDown;
    open.put(both, new Open(request.resource(), exchange.getResponseBody()));
    try {
      cut.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(both);
    }
  }

  /**
   * A bookmark for what the client knows already: the JDK's client takes a watch for open only once
   * something has come.
   */
  private static void begin(ApiRequest request, OutputStream out) throws IOException {
    Matcher version = VERSION.matcher(request.uri().getQuery());
    String kind = KINDS.get(request.resource());
    if (kind == null || !version.find()) {
      out.flush();
      return;
    }
    String path = request.uri().getPath();
    String api = path.replaceAll("^/apis?/(.*)/namespaces/.*", "$1");
    write(
        out,
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"%s\"}}}"
            .formatted(kind, api, version.group(1)));
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

  private static void write(OutputStream out, String line) throws IOException {
    synchronized (out) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
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
