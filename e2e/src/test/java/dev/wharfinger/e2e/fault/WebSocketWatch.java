package dev.wharfinger.e2e.fault;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A watch by WebSocket, an event in each message. What keeps the connection alive passes through
 * while events are held.
 */
final class WebSocketWatch implements Watches.Ends {
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int LAST = 0x80;
  private static final String END = "";

  private final Socket client;
  private final Socket server;
  private final DataOutputStream out;
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  /** Over two connections on which both have agreed to speak WebSocket. */
  WebSocketWatch(Socket client, Socket server) throws IOException {
    this.client = client;
    this.server = server;
    out = new DataOutputStream(client.getOutputStream());
    DataInputStream in = new DataInputStream(server.getInputStream());
    Thread.ofVirtual().start(() -> read(in));
  }

  private void read(DataInputStream in) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try {
      while (true) {
        int first = in.readUnsignedByte();
        // A server's frames are not masked.
        int length = in.readUnsignedByte();
        if (length == 126) {
          length = in.readUnsignedShort();
        } else if (length == 127) {
          length = Math.toIntExact(in.readLong());
        }
        byte[] payload = in.readNBytes(length);
        int kind = first & 0xf;
        if (kind >= CLOSE) {
          write(first, payload);
          continue;
        }
        message.write(payload);
        if ((first & LAST) != 0) {
          events.add(message.toString(StandardCharsets.UTF_8));
          message.reset();
        }
      }
    } catch (IOException e) {
      events.add(END);
    }
  }

  @Override
  public @Nullable String next() throws IOException {
    try {
      String event = events.take();
      return event.equals(END) ? null : event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void send(String event) throws IOException {
    write(LAST | TEXT, event.getBytes(StandardCharsets.UTF_8));
  }

  private void write(int first, byte[] payload) throws IOException {
    synchronized (out) {
      out.writeByte(first);
      if (payload.length < 126) {
        out.writeByte(payload.length);
      } else if (payload.length <= 0xffff) {
        out.writeByte(126);
        out.writeShort(payload.length);
      } else {
        out.writeByte(127);
        out.writeLong(payload.length);
      }
      out.write(payload);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
