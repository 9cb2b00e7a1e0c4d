package dev.wharfinger.e2e.fault;

import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A watch by an HTTP answer without an end, an event in each line. */
final class HttpWatch implements Watches.Ends {
  private static final Pattern VERSION = Pattern.compile("(?:^|&)resourceVersion=([0-9]+)");
  private static final Map<String, String> KINDS =
      Lookout.KINDS.stream()
          .collect(Collectors.toMap(HasMetadata::getPlural, HasMetadata::getKind));

  private final HttpExchange exchange;
  private final InputStream upstream;
  private final BufferedReader lines;
  private final OutputStream out;

  /** Over an exchange whose answer has begun. */
  HttpWatch(HttpExchange exchange, ApiRequest request, InputStream upstream) throws IOException {
    this.exchange = exchange;
    this.upstream = upstream;
    this.lines = new BufferedReader(new InputStreamReader(upstream, StandardCharsets.UTF_8));
    this.out = exchange.getResponseBody();
    begin(request);
  }

  /**
   * A bookmark for what the client knows already: the JDK's client takes a watch for open only once
   * something has come.
   */
  private void begin(ApiRequest request) throws IOException {
    Matcher version = VERSION.matcher(request.uri().getQuery());
    String kind = KINDS.get(request.resource());
    if (kind == null || !version.find()) {
      out.flush();
      return;
    }
    String path = request.uri().getPath();
    String api = path.replaceAll("^/apis?/(.*)/namespaces/.*", "$1");
    send(
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"%s\"}}}"
            .formatted(kind, api, version.group(1)));
  }

  @Override
  public @Nullable String next() throws IOException {
    return lines.readLine();
  }

  @Override
  public void send(String event) throws IOException {
    synchronized (out) {
      out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    upstream.close();
    exchange.close();
  }
}
