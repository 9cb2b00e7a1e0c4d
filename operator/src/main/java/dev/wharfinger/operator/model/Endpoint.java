package dev.wharfinger.operator.model;

import org.jspecify.annotations.Nullable;

/**
 * Where the application finds PostgreSQL, and who it is there.
 *
 * @param host name or address, or, beginning with a slash, the directory of a socket
 * @param port TCP port; of a socket the number in its name
 * @param database the application's database
 * @param username the application's role
 * @param ca certificates in PEM to verify the server by, or null
 * @param client what the application shows the server of itself, or null
 */
public record Endpoint(
    String host,
    int port,
    String database,
    String username,
    @Nullable String ca,
    @Nullable ClientCertificate client) {

  /** Whether it is a socket, which only the application's own pod reaches. */
  public boolean socket() {
    return host.startsWith("/");
  }

  /** Host and port as they stand in a URL; an IPv6 address has brackets there. */
  public String authority() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** What tells one database from another: {@code host:port/database}, without the role. */
  public String address() {
    return (socket() ? host + ":" + port : authority()) + "/" + database;
  }
}
