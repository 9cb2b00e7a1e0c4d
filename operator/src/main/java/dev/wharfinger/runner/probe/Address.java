package dev.wharfinger.runner.probe;

import dev.wharfinger.runner.transfer.postgresql.ClientKey;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;

/**
 * A database on a server, without a role.
 *
 * @param host name or address; an IPv6 address in brackets
 * @param port TCP port
 * @param database name
 * @param sslMode libpq's sslmode
 * @param parameters all parameters of the URL, as the driver reads them
 */
record Address(String host, int port, String database, String sslMode, String parameters) {
  /** Bounds for a server that takes connections and then says nothing. */
  private static final String SECONDS = "10";

  static Address of(PostgresUrl url) {
    String mode =
        Arrays.stream(url.parameters().split("&"))
            .filter(p -> p.startsWith("sslmode="))
            .map(p -> p.substring("sslmode=".length()))
            .findFirst()
            .orElse("prefer");
    return new Address(url.host(), url.port(), url.database(), mode, url.parameters());
  }

  /** The same server, another database. */
  Address with(String other) {
    return new Address(host, port, other, sslMode, parameters);
  }

  boolean demandsTls() {
    return sslMode.equals("require") || sslMode.startsWith("verify-");
  }

  /** Whether the server is shown a certificate. */
  boolean showsCertificate() {
    return ClientKey.in(parameters);
  }

  Connection connect(Login login) throws SQLException {
    PostgresUrl url = new PostgresUrl("", null, host, port, database, parameters);
    Properties properties = new Properties();
    properties.setProperty("user", login.user());
    // Without one the driver would look for it in files of its own.
    properties.setProperty("password", login.password() == null ? "" : login.password());
    properties.setProperty("ApplicationName", "wharfinger");
    properties.setProperty("connectTimeout", SECONDS);
    properties.setProperty("loginTimeout", SECONDS);
    properties.setProperty("socketTimeout", SECONDS);
    return DriverManager.getConnection(url.jdbc(), properties);
  }

  /** A line for a person's shell, without a password: psql asks for it. */
  String psql(Login login, String statement) {
    String conninfo =
        "host=%s port=%d dbname=%s user=%s sslmode=%s"
            .formatted(
                host.replaceAll("[\\[\\]]", ""),
                port,
                value(database),
                value(login.user()),
                sslMode);
    return "psql " + shell(conninfo) + " -c " + shell(statement);
  }

  /** {@code host:port}. */
  String server() {
    return host + ":" + port;
  }

  private static String value(String text) {
    return text.matches("[A-Za-z0-9_.@-]+")
        ? text
        : "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static String shell(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
