package dev.wharfinger.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** HTTP to one pod, through the API server; it ends with the pod. */
final class Tunnel implements AutoCloseable {
  private final LocalPortForward forward;
  private final HttpClient http = HttpClient.newHttpClient();

  Tunnel(KubernetesClient client, Pod pod, int port) {
    forward =
        client
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .portForward(port);
  }

  /**
   * One request.
   *
   * @param type media type of the body, for example {@code application/json}
   * @param body text to send with POST, or null for GET
   * @param authorization value of the header of that name, or null
   * @return the answer's body
   * @throws AssertionError when the answer is no success
   */
  String call(String path, String type, @Nullable String body, @Nullable String authorization) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + forward.getLocalPort() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", type);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (body != null) {
      request.POST(BodyPublishers.ofString(body));
    }
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new AssertionError(path + " answered " + answer.statusCode() + ": " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    try {
      forward.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
