package dev.wharfinger.runner.transfer;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database.
 *
 * @param jdbcUrl URL without user and password
 * @param user role, or null for the driver's default
 * @param password password, or null for none
 */
public record PostgresqlTarget(String jdbcUrl, @Nullable String user, @Nullable String password) {

  /**
   * Reads {@code postgresql://user:password@host:port/db?sslmode=…}; every part may be missing.
   *
   * @param fallbackPassword the password where the URL has none
   * @throws IllegalArgumentException where it is no such URL; the message never holds the password
   */
  public static PostgresqlTarget parse(String url, @Nullable String fallbackPassword) {
    if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
      throw new IllegalArgumentException(
          "the target must be postgresql://user:password@host:port/database");
    }
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the target's URL is malformed; percent-encode user and password");
    }
    String info = uri.getRawUserInfo();
    int colon = info == null ? -1 : info.indexOf(':');
    String host = uri.getHost() == null ? "localhost" : uri.getHost();
    return new PostgresqlTarget(
        "jdbc:postgresql://"
            + host
            + ":"
            + (uri.getPort() < 0 ? 5432 : uri.getPort())
            + uri.getRawPath()
            + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()),
        info == null ? null : decode(colon < 0 ? info : info.substring(0, colon)),
        colon < 0 || info == null ? fallbackPassword : decode(info.substring(colon + 1)));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Opens a connection. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "wharfinger");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "20");
    return DriverManager.getConnection(jdbcUrl, properties);
  }

  /** For people and reports: no user, no password. */
  public String describe() {
    return jdbcUrl.substring("jdbc:".length()).replaceFirst("\\?.*", "");
  }

  @Override
  public String toString() {
    return describe();
  }
}
