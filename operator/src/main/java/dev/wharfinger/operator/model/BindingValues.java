package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the application is told: the Service Binding keys, the names libpq reads from the
 * environment, and URLs in the dialects that drivers want. Values that a backend does not have are
 * absent, never empty.
 */
public final class BindingValues {
  private static final Map<String, String> NPGSQL_MODES =
      Map.of("verify-ca", "VerifyCA", "verify-full", "VerifyFull");

  private BindingValues() {}

  /**
   * The values for one backend.
   *
   * @param password the role's password, null where it is not known yet
   */
  public static Map<String, String> of(
      InstanceModel model, Backend backend, @Nullable String password) {
    return backend == Backend.SQLITE ? sqlite(model) : postgresql(model, password);
  }

  private static Map<String, String> sqlite(InstanceModel model) {
    SqliteModel sqlite = model.sqlite();
    Map<String, String> values = new TreeMap<>();
    values.put("type", "sqlite");
    values.put("provider", "wharfinger");
    if (sqlite.inMemory()) {
      values.put("uri", "sqlite:///:memory:");
      values.put("uri-aiosqlite", "sqlite+aiosqlite:///:memory:");
      values.put("uri-sqlx", "sqlite::memory:");
      values.put("jdbc-url", "jdbc:sqlite::memory:");
      values.put("jdbc-uri", "jdbc:sqlite::memory:");
      values.put("path", ":memory:");
      return values;
    }
    values.putAll(file(model, sqlite.mainDatabase()));
    // Per connection, unlike the journal mode: only the application can set them.
    values.put("synchronous", sqlite.synchronous());
    values.put("busy-timeout-ms", Long.toString(sqlite.busyTimeoutMillis()));
    return values;
  }

  /** The values that tell of one file. */
  static Map<String, String> file(InstanceModel model, String file) {
    String path = model.mountPath() + "/" + file;
    Map<String, String> values = new TreeMap<>();
    values.put("path", path);
    values.put("dir", model.mountPath());
    values.put("file", file);
    values.put("database", file);
    // Four slashes: three are read as relative to the working directory by half of the drivers.
    values.put("uri", "sqlite:///" + path);
    values.put("uri-aiosqlite", "sqlite+aiosqlite:///" + path);
    values.put("uri-sqlx", "sqlite://" + path);
    values.put("uri-file", "file:" + path);
    values.put("jdbc-url", "jdbc:sqlite:" + path);
    values.put("jdbc-uri", "jdbc:sqlite:" + path);
    return values;
  }

  private static Map<String, String> postgresql(InstanceModel model, @Nullable String password) {
    Endpoint at = model.endpoint();
    String port = Integer.toString(at.port());
    String userInfo =
        PercentEncoding.encode(at.username())
            + (password == null ? "" : ":" + PercentEncoding.encode(password));
    String database = PercentEncoding.encode(at.database());
    // A directory stands in a parameter: libpq, psycopg and asyncpg read it there.
    String rest =
        userInfo
            + "@"
            + (at.socket()
                ? "/" + database + "?host=" + at.host() + "&port=" + port
                : at.authority() + "/" + database);
    String root = model.rootCertificate();
    String ssl =
        (at.socket() ? "&" : "?")
            + "sslmode="
            + model.sslMode()
            + (root == null ? "" : "&sslrootcert=" + root)
            + client(model, "&sslcert=", "&sslkey=");
    String timeout = connectSeconds(model);
    // What is not for libpq or Go alone some driver refuses with it, asyncpg above all.
    String libpq = ssl + (timeout == null ? "" : "&connect_timeout=" + timeout);
    Map<String, String> values = new TreeMap<>();
    values.put("type", "postgresql");
    values.put("provider", "wharfinger");
    values.put("host", at.host());
    values.put("port", port);
    values.put("database", at.database());
    values.put("dbname", at.database());
    values.put("username", at.username());
    values.put("user", at.username());
    values.put("sslmode", model.sslMode());
    if (at.ca() != null) {
      values.put("ca.crt", at.ca());
    }
    certificate(values, model);
    if (password != null) {
      values.put("password", password);
      values.put("PGPASSWORD", password);
      // A line of ~/.pgpass.
      values.put(
          "pgpass",
          "%s:%s:%s:%s:%s\n"
              .formatted(
                  pgpass(at.host()), port, at.database(), pgpass(at.username()), pgpass(password)));
    }
    // Finding: no TLS or pool parameter is understood by every driver, so the plain URL has none;
    // PG* carry the mode.
    values.put("uri", "postgresql://" + rest);
    values.put("uri-ssl", "postgresql://" + rest + ssl);
    values.put("uri-postgres", "postgres://" + rest + libpq);
    values.put("uri-asyncpg", "postgresql+asyncpg://" + rest);
    values.put("uri-psycopg", "postgresql+psycopg://" + rest + libpq);
    values.put("uri-psycopg2", "postgresql+psycopg2://" + rest + libpq);
    // The host is good in every namespace already.
    values.put("fqdn-uri", values.get("uri"));
    if (!at.socket()) {
      jdbc(values, model, password);
    }
    values.put(
        "dsn",
        "host=%s port=%s dbname=%s user=%s%s sslmode=%s%s%s%s"
            .formatted(
                at.host(),
                port,
                sq(at.database()),
                sq(at.username()),
                password == null ? "" : " password=" + sq(password),
                model.sslMode(),
                root == null ? "" : " sslrootcert=" + root,
                client(model, " sslcert=", " sslkey="),
                timeout == null ? "" : " connect_timeout=" + timeout));
    values.put(
        "npgsql",
        npgsql(at, password, model.sslMode())
            + (root == null ? "" : ";Root Certificate=" + root)
            + client(model, ";SSL Certificate=", ";SSL Key=")
            + (timeout == null ? "" : ";Timeout=" + timeout));
    values.put("PGHOST", at.host());
    values.put("PGPORT", port);
    values.put("PGDATABASE", at.database());
    values.put("PGUSER", at.username());
    values.put("PGSSLMODE", model.sslMode());
    if (timeout != null) {
      values.put("PGCONNECT_TIMEOUT", timeout);
    }
    if (root != null) {
      values.put("sslrootcert", root);
      values.put("PGSSLROOTCERT", root);
    }
    return values;
  }

  /** What the application shows the server, and where it mounts it. */
  private static void certificate(Map<String, String> values, InstanceModel model) {
    ClientCertificate client = model.endpoint().client();
    String file = model.clientCertificate();
    String key = model.clientKey();
    if (client != null && file != null && key != null) {
      values.put("tls.crt", client.certificate());
      values.put("tls.key", client.key());
      values.put("sslcert", file);
      values.put("sslkey", key);
      values.put("PGSSLCERT", file);
      values.put("PGSSLKEY", key);
    }
  }

  /** The two files in a driver's words; nothing where there are none. */
  private static String client(InstanceModel model, String certificate, String key) {
    return model.endpoint().client() == null
        ? ""
        : certificate + model.clientCertificate() + key + model.clientKey();
  }

  /** How long a driver tries to connect, or null where nothing is said. */
  private static @Nullable String connectSeconds(InstanceModel model) {
    String timeout = model.pool().connectTimeout();
    return timeout == null ? null : Long.toString(Durations.millis(timeout) / 1000);
  }

  /** JDBC has no sockets without a library of its own. */
  private static void jdbc(
      Map<String, String> values, InstanceModel model, @Nullable String password) {
    Endpoint at = model.endpoint();
    String timeout = connectSeconds(model);
    String url =
        "jdbc:postgresql://"
            + at.authority()
            + "/"
            + at.database()
            + "?sslmode="
            + model.sslMode()
            + (model.rootCertificate() == null ? "" : "&sslrootcert=" + model.rootCertificate())
            + client(model, "&sslcert=", "&sslkey=")
            + (timeout == null ? "" : "&connectTimeout=" + timeout);
    values.put("jdbc-url", url);
    values.put(
        "jdbc-uri",
        url
            + "&user="
            + PercentEncoding.encode(at.username())
            + (password == null ? "" : "&password=" + PercentEncoding.encode(password)));
    values.put("fqdn-jdbc-uri", values.get("jdbc-uri"));
  }

  /** Npgsql's keywords; a value in double quotes may hold anything, a quote is written twice. */
  private static String npgsql(Endpoint at, @Nullable String password, String sslMode) {
    return "Host=%s;Port=%s;Database=%s;Username=%s;%sSSL Mode=%s"
        .formatted(
            at.host(),
            at.port(),
            at.database(),
            at.username().matches("[A-Za-z0-9_.-]+") ? at.username() : quoted(at.username()),
            password == null ? "" : "Password=" + quoted(password) + ";",
            NPGSQL_MODES.getOrDefault(
                sslMode, sslMode.substring(0, 1).toUpperCase(Locale.ROOT) + sslMode.substring(1)));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String pgpass(String text) {
    return text.replace("\\", "\\\\").replace(":", "\\:");
  }

  private static String sq(String text) {
    try {
      return Quoting.SQ.quote(text);
    } catch (TemplateException e) {
      throw new IllegalStateException("any text can stand in quotes", e);
    }
  }
}
