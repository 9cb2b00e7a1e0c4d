package dev.wharfinger.e2e.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;

/** The watches that an operator opens by WebSocket, as it does on a cluster. */
final class WebSockets {
  private final FaultProxy proxy;
  private final Upstream upstream;
  private final String account;
  private final History history;

  WebSockets(FaultProxy proxy, Upstream upstream, String account, History history) {
    this.proxy = proxy;
    this.upstream = upstream;
    this.account = account;
    this.history = history;
  }

  /** Serves a connection until it ends. */
  void serve(HttpHead head, Socket client, InputStream in) throws IOException {
    ApiRequest request = ApiRequest.of("GET", URI.create(head.second()), new byte[0]);
    history.asked(request);
    switch (proxy.decide(request)) {
      case Action.Lose() -> request.code = -1;
      case Action.Answer(int code, var headers, byte[] body) -> {
        request.code = code;
        refuse(client.getOutputStream(), code, body);
      }
      case Action.Silence() -> open(head, request, client, in, true);
      default -> open(head, request, client, in, false);
    }
  }

  private static void refuse(OutputStream out, int code, byte[] body) throws IOException {
    new HttpHead(
            java.util.List.of(
                "HTTP/1.1 " + code + " Refused",
                "Content-Type: application/json",
                "Content-Length: " + body.length,
                "Connection: close"))
        .write(out);
    out.write(body);
    out.flush();
  }

  private void open(
      HttpHead head, ApiRequest request, Socket client, InputStream in, boolean silent)
      throws IOException {
    try (Socket server = upstream.connect(head, account)) {
      InputStream answers = server.getInputStream();
      HttpHead answer = HttpHead.read(answers);
      if (answer == null) {
        return;
      }
      request.code = Integer.parseInt(answer.second());
      answer.write(client.getOutputStream());
      if (request.code != 101) {
        answers.transferTo(client.getOutputStream());
        return;
      }
      WebSocketWatch ends = new WebSocketWatch(client, server);
      Thread.ofVirtual().start(() -> Front.pump(in, server, client, server));
      if (silent) {
        proxy.watches().silence(request, ends);
      } else {
        proxy.watches().relay(request, ends);
      }
    }
  }
}
