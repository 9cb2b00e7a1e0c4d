package dev.wharfinger.runner.probe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The layers below PostgreSQL's own protocol, and its question for TLS. */
final class Network {
  private static final int MILLIS = 10_000;

  /** SSLRequest: length 8, code 80877103. */
  private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};

  private Network() {}

  /** What stands in the way, or null. */
  static @Nullable Finding look(Address at) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(at.host());
    } catch (UnknownHostException e) {
      return Finding.passing(
          "host-not-found",
          "no address is known for host "
              + at.host()
              + "; look it up from a pod of this namespace: nslookup "
              + at.host());
    }
    Finding last = null;
    for (InetAddress address : addresses) {
      last = look(at, address);
      if (last == null) {
        return null;
      }
    }
    return last;
  }

  private static @Nullable Finding look(Address at, InetAddress address) {
    String where = at.server() + " (" + address.getHostAddress() + ")";
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, at.port()), MILLIS);
      socket.setSoTimeout(MILLIS);
      socket.getOutputStream().write(SSL_REQUEST);
      return answered(at, where, socket.getInputStream().read());
    } catch (SocketTimeoutException e) {
      return Finding.passing(
          "connection-timeout",
          "nobody answered at "
              + where
              + " within 10 seconds; look at firewalls and NetworkPolicies, then: "
              + ready(at));
    } catch (NoRouteToHostException e) {
      return Finding.passing(
          "connection-failed", "there is no way to " + where + "; look at firewalls: " + ready(at));
    } catch (ConnectException e) {
      return Finding.passing(
          "connection-refused",
          "nobody listens at "
              + where
              + "; check that PostgreSQL runs there and its listen_addresses: "
              + ready(at));
    } catch (IOException e) {
      return Finding.passing(
          "connection-failed", "the connection to " + where + " broke off; try: " + ready(at));
    }
  }

  private static @Nullable Finding answered(Address at, String where, int answer) {
    return switch (answer) {
      case 'S' -> null;
      case 'N' ->
          at.demandsTls()
              ? Finding.lasting(
                  "tls-refused",
                  "the server at "
                      + where
                      + " speaks no TLS, and sslmode is "
                      + at.sslMode()
                      + "; turn it on there, or set ssl.mode to prefer")
              : null;
      // A server before version 7, or one that may fork no process, says E.
      case 'E', -1 ->
          Finding.passing(
              "connection-failed",
              "the server at " + where + " ended the connection at once; try: " + ready(at));
      default ->
          Finding.lasting(
              "not-postgresql",
              "what answers at "
                  + where
                  + " is not PostgreSQL; check host and port of postgresql.external");
    };
  }

  private static String ready(Address at) {
    return "pg_isready -h " + at.host().replaceAll("[\\[\\]]", "") + " -p " + at.port();
  }
}
