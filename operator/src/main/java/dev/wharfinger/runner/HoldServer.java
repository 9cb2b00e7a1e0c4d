package dev.wharfinger.runner;

import com.sun.net.httpserver.HttpServer;
import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells a readiness probe that the transfer committed, for as long as its process holds the source.
 */
final class HoldServer implements AutoCloseable {
  private static final int CHECK_SECONDS = 2;

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

  /**
   * Answers 200 from now on. SIGTERM ends the process with code 0; this returns only when {@code
   * holds} does not any more.
   */
  void holdUntilTerminated(BooleanSupplier holds) throws InterruptedException {
    Thread atExit = new Thread(() -> Runtime.getRuntime().halt(0));
    Runtime.getRuntime().addShutdownHook(atExit);
    committed = true;
    Failpoint.at("holding");
    CountDownLatch never = new CountDownLatch(1);
    while (holds.getAsBoolean()) {
      never.await(CHECK_SECONDS, TimeUnit.SECONDS);
    }
    committed = false;
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
