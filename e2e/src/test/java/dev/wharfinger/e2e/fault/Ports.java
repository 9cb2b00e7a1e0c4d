package dev.wharfinger.e2e.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * Ports for operators, below those that the kernel gives to clients. Runs of two work trees on one
 * machine never share one: each JVM has a block of its own, which it claims by its first port.
 */
final class Ports {
  private static final int FIRST = 20_000;
  private static final int END = 30_000;
  private static final int BLOCK = 500;

  /** Bound as long as this JVM lives. */
  private static final ServerSocket CLAIM = claim();

  private static int given;

  private Ports() {}

  private static ServerSocket claim() {
    for (int port = END - BLOCK; port >= FIRST; port -= BLOCK) {
      ServerSocket claim = bound(port);
      if (claim != null) {
        return claim;
      }
    }
    throw new IllegalStateException("all ports from %d to %d are taken".formatted(FIRST, END));
  }

  /** One that nobody uses, and that comes again only after all others of the block. */
  static synchronized int next() {
    for (int i = 1; i < BLOCK; i++) {
      int port = CLAIM.getLocalPort() + 1 + given++ % (BLOCK - 1);
      try (ServerSocket free = bound(port)) {
        if (free != null) {
          return port;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("all ports of the block are taken");
  }

  private static @Nullable ServerSocket bound(int port) {
    try {
      return new ServerSocket(port);
    } catch (BindException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
