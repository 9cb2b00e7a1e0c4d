package dev.wharfinger.e2e.fault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Health and metrics of an operator. */
record Management(int port) {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  /** Whether its readiness probe would pass. */
  boolean ready() {
    return get("/readyz") != null;
  }

  /** Its metrics by name, those of all labels added up; empty while it does not answer. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>();
    String text = get("/metrics");
    if (text != null) {
      text.lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> {
            int value = line.lastIndexOf(' ');
            metrics.merge(
                line.substring(0, value).replaceAll("\\{.*", ""),
                Double.parseDouble(line.substring(value + 1)),
                Double::sum);
          });
    }
    return metrics;
  }

  private @Nullable String get(String path) {
    try {
      var response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              BodyHandlers.ofString());
      return response.statusCode() == 200 ? response.body() : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
