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
    PostgresqlModel p = model.postgresql();
    String host = model.serverHost();
    String port = Integer.toString(PostgresqlModel.PORT);
    String userInfo =
        PercentEncoding.encode(p.username())
            + (password == null ? "" : ":" + PercentEncoding.encode(password));
    String rest = userInfo + "@" + host + ":" + port + "/" + PercentEncoding.encode(p.database());
    String ssl = "?sslmode=" + model.sslMode();
    Map<String, String> values = new TreeMap<>();
    values.put("type", "postgresql");
    values.put("provider", "wharfinger");
    values.put("host", host);
    values.put("port", port);
    values.put("database", p.database());
    values.put("dbname", p.database());
    values.put("username", p.username());
    values.put("user", p.username());
    values.put("sslmode", model.sslMode());
    if (password != null) {
      values.put("password", password);
      values.put("PGPASSWORD", password);
      // A line of ~/.pgpass.
      values.put(
          "pgpass",
          "%s:%s:%s:%s:%s\n".formatted(host, port, p.database(), p.username(), pgpass(password)));
    }
    // Finding: no TLS or pool parameter is understood by every driver, so the plain URL has none;
    // PG* carry the mode.
    values.put("uri", "postgresql://" + rest);
    values.put("uri-ssl", "postgresql://" + rest + ssl);
    values.put("uri-postgres", "postgres://" + rest + ssl);
    values.put("uri-asyncpg", "postgresql+asyncpg://" + rest);
    values.put("uri-psycopg", "postgresql+psycopg://" + rest + ssl);
    values.put("uri-psycopg2", "postgresql+psycopg2://" + rest + ssl);
    String jdbc = "jdbc:postgresql://" + host + ":" + port + "/" + p.database() + ssl;
    values.put("jdbc-url", jdbc);
    values.put(
        "jdbc-uri",
        jdbc
            + "&user="
            + PercentEncoding.encode(p.username())
            + (password == null ? "" : "&password=" + PercentEncoding.encode(password)));
    // The host is good in every namespace already.
    values.put("fqdn-uri", values.get("uri"));
    values.put("fqdn-jdbc-uri", values.get("jdbc-uri"));
    values.put(
        "dsn",
        "host=%s port=%s dbname=%s user=%s%s sslmode=%s"
            .formatted(
                host,
                port,
                sq(p.database()),
                sq(p.username()),
                password == null ? "" : " password=" + sq(password),
                model.sslMode()));
    values.put("npgsql", npgsql(p, host, port, password, model.sslMode()));
    values.put("PGHOST", host);
    values.put("PGPORT", port);
    values.put("PGDATABASE", p.database());
    values.put("PGUSER", p.username());
    values.put("PGSSLMODE", model.sslMode());
    return values;
  }

  /** Npgsql's keywords; a value in double quotes may hold anything, a quote is written twice. */
  private static String npgsql(
      PostgresqlModel p, String host, String port, @Nullable String password, String sslMode) {
    return "Host=%s;Port=%s;Database=%s;Username=%s;%sSSL Mode=%s"
        .formatted(
            host,
            port,
            p.database(),
            p.username(),
            password == null ? "" : "Password=\"" + password.replace("\"", "\"\"") + "\";",
            sslMode.substring(0, 1).toUpperCase(Locale.ROOT) + sslMode.substring(1));
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
