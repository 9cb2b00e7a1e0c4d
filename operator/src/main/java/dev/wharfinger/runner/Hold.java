package dev.wharfinger.runner;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the process, and with it the lock on the source, until it is told to end. {@code GET
 * /ready} answers 200 once the move is committed.
 */
final class Hold {
  private final AtomicBoolean committed = new AtomicBoolean();

  private Hold() {}

  static Hold start(int port) throws IOException {
    Hold hold = new Hold();
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 8);
    server.createContext(
        "/ready",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(hold.committed.get() ? 200 : 503, -1);
          }
        });
    server.start();
    return hold;
  }

  /**
   * Waits for SIGTERM; ends the process at once, so that nothing folds the source's write-ahead
   * log.
   */
  void committed() throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(ExitCode.DONE)));
    committed.set(true);
    new CountDownLatch(1).await();
  }
}
