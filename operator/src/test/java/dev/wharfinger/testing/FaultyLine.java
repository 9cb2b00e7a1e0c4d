package dev.wharfinger.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Stands between a client and an HTTP server on the loopback interface, and does to single requests
 * what a real server does not do when it is asked to.
 */
public final class FaultyLine implements AutoCloseable {

  /** A request's head. */
  public record Request(String method, String target, Map<String, String> headers) {

    /** Whether the target has that in it. */
    public boolean is(String verb, String part) {
      return method.equals(verb) && target.contains(part);
    }
  }

  /** What happens to a request. */
  public sealed interface Fate {}

  /** It goes its way. */
  public record Passed() implements Fate {}

  /** The server gets it and does it, and nobody hears of it. */
  public record AnswerLost() implements Fate {}

  /** The server never sees it, and this is the answer. */
  public record Answered(int status, String type, String body) implements Fate {}

  /** Of the answer's body only so many bytes come; {@code lying}: and its length says so. */
  public record Cut(int bytes, boolean lying) implements Fate {}

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int port;
  private final Function<Request, Fate> fates;
  private final List<Request> seen = new CopyOnWriteArrayList<>();
  private final List<Closeable> open = new CopyOnWriteArrayList<>();

  /**
   * Begins to listen.
   *
   * @param port of the server
   * @param fates asked for each request, also when it is sent again
   */
  public FaultyLine(int port, Function<Request, Fate> fates) throws IOException {
    this.port = port;
    this.fates = fates;
    Thread.ofVirtual().start(this::listen);
  }

  /** Where clients connect to. */
  public String endpoint() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** All requests so far. */
  public List<Request> seen() {
    return seen;
  }

  private void listen() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that went away.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      Request request = parsed(head(in));
      seen.add(request);
      if (request.headers().containsKey("expect")) {
        text(client.getOutputStream(), "HTTP/1.1 100 Continue\r\n\r\n");
      }
      long length = Long.parseLong(request.headers().getOrDefault("content-length", "0"));
      Fate fate = fates.apply(request);
      if (fate instanceof Answered answer) {
        in.skipNBytes(length);
        text(
            client.getOutputStream(),
            "HTTP/1.1 %d No\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(answer.status(), answer.type(), answer.body().length(), answer.body()));
        return;
      }
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        text(server.getOutputStream(), forwarded(request));
        copy(in, server.getOutputStream(), length);
        answer(fate, server.getInputStream(), client.getOutputStream());
      }
    } catch (IOException e) {
      // One side went away, which the other one sees.
    }
  }

  private static void answer(Fate fate, InputStream in, OutputStream out) throws IOException {
    InputStream server = new BufferedInputStream(in);
    String head = head(server);
    switch (fate) {
      case AnswerLost() -> server.transferTo(OutputStream.nullOutputStream());
      case Cut(int bytes, boolean lying) -> {
        text(
            out,
            lying
                ? head.replaceFirst("(?i)content-length: *\\d+", "Content-Length: " + bytes)
                : head);
        copy(server, out, bytes);
      }
      default -> {
        text(out, head);
        server.transferTo(out);
      }
    }
  }

  private static String forwarded(Request request) {
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    request
        .headers()
        .forEach((name, value) -> {
          if (!name.equals("expect") && !name.equals("connection")) {
            head.append(name).append(": ").append(value).append("\r\n");
          }
        });
    return head.append("connection: close\r\n\r\n").toString();
  }

  private static Request parsed(String head) {
    String[] lines = head.split("\r\n");
    String[] first = lines[0].split(" ");
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] header = lines[i].split(": *", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
    }
    return new Request(first[0], first[1], headers);
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int one = in.read();
      if (one < 0) {
        throw new EOFException();
      }
      head.write(one);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (long left = bytes; left > 0; ) {
      int some = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (some < 0) {
        throw new EOFException();
      }
      out.write(buffer, 0, some);
      left -= some;
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Closeable one : open) {
      one.close();
    }
  }
}
