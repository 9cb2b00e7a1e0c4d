package dev.wharfinger.testing;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * As much of PostgreSQL's protocol as a driver needs to get in without a password and to ask for
 * the version, which is one that no machine of today installs.
 */
public final class OldServer implements AutoCloseable {
  private static final int INT4 = 23;
  private final ServerSocket socket;
  private final String number;

  /**
   * Listens from now on.
   *
   * @param number the version as {@code server_version_num} has it
   */
  public OldServer(int number) throws IOException {
    this.number = Integer.toString(number);
    this.socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  public int port() {
    return socket.getLocalPort();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
        answer(new DataInputStream(client.getInputStream()), out);
      } catch (IOException e) {
        // Whoever was there has left, or the test is over.
      }
    }
  }

  private void answer(DataInputStream in, DataOutputStream out) throws IOException {
    letIn(in, out);
    boolean described = false;
    for (int type = in.read(); type >= 0 && type != 'X'; type = in.read()) {
      in.skipNBytes(in.readInt() - 4);
      if (type == 'D') {
        described = true;
      } else if (type == 'Q') {
        send(out, 'C', "SET\0");
        ready(out);
      } else if (type == 'S') {
        // What was parsed, bound, described and executed is answered at once.
        send(out, '1', "");
        send(out, '2', "");
        if (described) {
          row(out);
        }
        send(out, 'C', described ? "SELECT 1\0" : "SET\0");
        ready(out);
        described = false;
      }
    }
  }

  /** There is no TLS, and nobody is asked who they are. */
  private void letIn(DataInputStream in, DataOutputStream out) throws IOException {
    int length = in.readInt();
    int code = in.readInt();
    in.skipNBytes(length - 8);
    while (code >>> 16 != 3) {
      out.write('N');
      out.flush();
      length = in.readInt();
      code = in.readInt();
      in.skipNBytes(length - 8);
    }
    send(out, 'R', "\0\0\0\0");
    String version = Integer.parseInt(number) / 10_000 + "." + Integer.parseInt(number) % 10_000;
    Map<String, String> parameters =
        Map.of(
            "server_version", version,
            "server_encoding", "UTF8",
            "client_encoding", "UTF8",
            "DateStyle", "ISO, MDY",
            "TimeZone", "UTC",
            "integer_datetimes", "on",
            "standard_conforming_strings", "on");
    for (Map.Entry<String, String> one : parameters.entrySet()) {
      send(out, 'S', one.getKey() + "\0" + one.getValue() + "\0");
    }
    send(out, 'K', "\0\0\0\1\0\0\0\1");
    ready(out);
  }

  private void row(DataOutputStream out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream body = new DataOutputStream(bytes);
    body.writeShort(1);
    body.writeBytes("version\0");
    body.writeInt(0);
    body.writeShort(0);
    body.writeInt(INT4);
    body.writeShort(4);
    body.writeInt(-1);
    body.writeShort(0);
    send(out, 'T', bytes.toString(StandardCharsets.ISO_8859_1));
    bytes.reset();
    body.writeShort(1);
    body.writeInt(number.length());
    body.writeBytes(number);
    send(out, 'D', bytes.toString(StandardCharsets.ISO_8859_1));
  }

  private static void ready(DataOutputStream out) throws IOException {
    send(out, 'Z', "I");
    out.flush();
  }

  private static void send(DataOutputStream out, char type, String body) throws IOException {
    out.write(type);
    out.writeInt(body.length() + 4);
    out.writeBytes(body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
