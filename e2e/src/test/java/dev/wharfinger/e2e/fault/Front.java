package dev.wharfinger.e2e.fault;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;

/**
 * Takes connections in place of an HTTP server that knows nothing of WebSockets, and passes on to
 * it what is none. Each connection has one request.
 */
final class Front implements AutoCloseable {
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("connection", "upgrade", "http2-settings");

  private final ServerSocket socket;
  private final InetSocketAddress behind;
  private final WebSockets webSockets;

  Front(InetSocketAddress behind, WebSockets webSockets) {
    this.behind = behind;
    this.webSockets = webSockets;
    try {
      socket = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        client.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed, or the client is gone already.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        InputStream in = new BufferedInputStream(client.getInputStream())) {
      HttpHead head = HttpHead.read(in);
      if (head == null) {
        return;
      } else if ("websocket".equalsIgnoreCase(head.header("upgrade"))) {
        webSockets.serve(head, client, in);
        return;
      }
      try (Socket server = new Socket(behind.getAddress(), behind.getPort())) {
        server.setTcpNoDelay(true);
        head.without(OF_THE_CONNECTION).with("Connection: close").write(server.getOutputStream());
        Thread.ofVirtual().start(() -> pump(in, server, client, server));
        server.getInputStream().transferTo(client.getOutputStream());
      }
    } catch (IOException e) {
      // One of the two is gone.
    }
  }

  /** Copies until one side ends, and then ends both. */
  static void pump(InputStream from, Socket to, Closeable... both) {
    try {
      from.transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Gone.
    } finally {
      for (Closeable one : both) {
        try {
          one.close();
        } catch (IOException e) {
          // Gone before.
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
