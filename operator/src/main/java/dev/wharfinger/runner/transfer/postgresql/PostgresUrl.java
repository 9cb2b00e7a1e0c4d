package dev.wharfinger.runner.transfer.postgresql;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * {@code postgresql://[user[:password]@]host[:port]/database[?parameter=value…]}, percent-encoded.
 *
 * @param user role, empty for the driver's default
 * @param password null where the URL has none
 * @param host name or address
 * @param port 5432 unless given
 * @param database name
 * @param parameters as given, for example {@code sslmode=require}, without user and password
 */
public record PostgresUrl(
    String user,
    @Nullable String password,
    String host,
    int port,
    String database,
    String parameters) {

  /**
   * Reads a URL.
   *
   * @param passwordOtherwise the password where the URL has none
   * @throws IllegalArgumentException with a message that never repeats the URL
   */
  public static PostgresUrl parse(String url, @Nullable String passwordOtherwise) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "the PostgreSQL URL cannot be read; special characters need percent-encoding", null);
    }
    String scheme = String.valueOf(uri.getScheme());
    String path = uri.getRawPath();
    if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
      throw new IllegalArgumentException("the target is postgresql://user@host:port/database");
    }
    if (uri.getHost() == null || path == null || path.length() < 2) {
      throw new IllegalArgumentException("the PostgreSQL URL names no host or no database");
    }
    String info = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    int colon = info.indexOf(':');
    String user = decode(colon < 0 ? info : info.substring(0, colon));
    String password = colon < 0 ? passwordOtherwise : decode(info.substring(colon + 1));
    List<String> others = new ArrayList<>();
    // Out of the URL, which the driver repeats in its messages.
    for (String parameter : String.valueOf(uri.getRawQuery()).split("&")) {
      if (parameter.startsWith("user=")) {
        user = decode(parameter.substring("user=".length()));
      } else if (parameter.startsWith("password=")) {
        password = decode(parameter.substring("password=".length()));
      } else if (uri.getRawQuery() != null) {
        others.add(parameter);
      }
    }
    return new PostgresUrl(
        user,
        password,
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        decode(path.substring(1)),
        String.join("&", others));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Connects; autocommit is on. */
  public Connection connect() throws SQLException {
    Properties all = new Properties();
    all.putAll(properties());
    if (!user.isEmpty()) {
      all.setProperty("user", user);
    }
    if (password != null) {
      all.setProperty("password", password);
    }
    Connection connection = DriverManager.getConnection(jdbc(), all);
    try {
      // Whoever holds a table we want for longer than that is somebody who should not be there.
      Sql.run(connection, "SET lock_timeout = '30s'");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** What the driver is told, unless the URL says otherwise: bounds for a server that is gone. */
  public Map<String, String> properties() {
    return Map.of(
        "ApplicationName", "wharfinger",
        "connectTimeout", "15",
        // Up to the end of the authentication; a server that hangs may still accept connections.
        "loginTimeout", "30",
        "tcpKeepAlive", "true",
        "socketFactory", KeepAliveSockets.class.getName());
  }

  /** The URL for JDBC, without user and password. */
  public String jdbc() {
    return "jdbc:postgresql://%s:%d/%s%s"
        .formatted(
            host,
            port,
            java.net.URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20"),
            parameters.isEmpty() ? "" : "?" + parameters);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "postgresql://%s@%s:%d/%s".formatted(user, host, port, database);
  }
}
