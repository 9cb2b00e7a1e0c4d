package dev.wharfinger.runner;

import com.sun.net.httpserver.HttpServer;
import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;

/**
 * Tells a readiness probe that the transfer committed, for as long as its process holds the source.
 */
final class HoldServer implements AutoCloseable {
  private final HttpServer server;
  private volatile boolean committed;

  private HoldServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Begins to listen on all addresses: GET /ready answers 503, and 200 once committed.
   *
   * @param port 0 for any
   */
  static HoldServer start(int port) throws IOException {
    HoldServer hold = new HoldServer(HttpServer.create(new InetSocketAddress(port), 0));
    hold.server.createContext(
        "/ready",
        exchange -> {
          exchange.sendResponseHeaders(hold.committed ? 200 : 503, -1);
          exchange.close();
        });
    hold.server.start();
    return hold;
  }

  /** Answers 200 from now on. Never returns: SIGTERM ends the process with code 0. */
  void holdUntilTerminated() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
    committed = true;
    Failpoint.at("holding");
    new CountDownLatch(1).await();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
