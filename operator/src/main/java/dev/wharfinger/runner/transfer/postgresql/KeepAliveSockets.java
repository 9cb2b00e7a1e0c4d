package dev.wharfinger.runner.transfer.postgresql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Sockets that notice within two minutes that the other host is gone, while they wait for its
 * answer. A time limit on reading would not do: the server says nothing while it builds a large
 * index. Its kernel does answer keepalives. Linux's own settings wait two hours before the first of
 * them.
 *
 * <p>While rows that were sent are not acknowledged, Linux sends no keepalives but the rows again,
 * for about a quarter of an hour ({@code net.ipv4.tcp_retries2}). Java has no option for that time
 * ({@code TCP_USER_TIMEOUT}).
 */
public final class KeepAliveSockets extends SocketFactory {

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new Socket();
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 60);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 10);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 6);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw connectsItself();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw connectsItself();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw connectsItself();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw connectsItself();
  }

  private static UnsupportedOperationException connectsItself() {
    return new UnsupportedOperationException("the driver connects the socket itself");
  }
}
