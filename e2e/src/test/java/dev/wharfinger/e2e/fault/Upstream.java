package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** The API server behind a proxy, spoken to as the operator's service account. */
final class Upstream {
  private static final Set<String> NOT_PASSED_ON =
      Set.of(
          "connection",
          "content-length",
          "host",
          "upgrade",
          "http2-settings",
          "transfer-encoding",
          "accept-encoding",
          "expect");

  private static final Set<String> OF_THE_CONNECTION = Set.of("host", "authorization");

  private final SSLContext tls;
  private final HttpClient client;
  private final URI base;

  /** With the administrator's certificate, which may speak for others. */
  Upstream(Config admin) {
    try {
      tls = SSLUtils.sslContext(admin);
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(tls)
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
    base = URI.create(admin.getMasterUrl());
  }

  HttpResponse<byte[]> send(
      String method, URI uri, Map<String, List<String>> headers, byte[] body, String account)
      throws IOException {
    return send(request(method, uri, headers, body, account), BodyHandlers.ofByteArray());
  }

  /** Opens an answer without an end; closing the stream ends it. */
  HttpResponse<InputStream> open(URI uri, Map<String, List<String>> headers, String account)
      throws IOException {
    return send(request("GET", uri, headers, new byte[0], account), BodyHandlers.ofInputStream());
  }

  /** A connection on which a request was sent that is no longer one of HTTP once it is answered. */
  Socket connect(HttpHead head, String account) throws IOException {
    Socket socket = tls.getSocketFactory().createSocket(base.getHost(), base.getPort());
    socket.setTcpNoDelay(true);
    head.without(OF_THE_CONNECTION)
        .with(
            "Host: " + base.getAuthority(),
            "Impersonate-User: system:serviceaccount:" + account,
            "Impersonate-Group: system:serviceaccounts",
            "Impersonate-Group: system:authenticated")
        .write(socket.getOutputStream());
    return socket;
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return client.send(request, handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private HttpRequest request(
      String method, URI uri, Map<String, List<String>> headers, byte[] body, String account) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(uri.toString()))
            .method(
                method,
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach((name, values) -> {
      if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
        values.forEach(value -> request.header(name, value));
      }
    });
    request.header("Impersonate-User", "system:serviceaccount:" + account);
    request.header("Impersonate-Group", "system:serviceaccounts");
    request.header("Impersonate-Group", "system:authenticated");
    return request.build();
  }
}
