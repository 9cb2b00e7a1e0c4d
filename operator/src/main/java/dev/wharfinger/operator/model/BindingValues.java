package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.PoolSpec;
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
      values.put("path", ":memory:");
      return values;
    }
    String path = model.mountPath() + "/" + sqlite.mainDatabase();
    values.put("path", path);
    values.put("dir", model.mountPath());
    values.put("file", sqlite.mainDatabase());
    values.put("database", sqlite.mainDatabase());
    // Four slashes: three are read as relative to the working directory by half of the drivers.
    values.put("uri", "sqlite:///" + path);
    values.put("uri-aiosqlite", "sqlite+aiosqlite:///" + path);
    values.put("uri-sqlx", "sqlite://" + path);
    values.put("uri-file", "file:" + path);
    values.put("jdbc-url", "jdbc:sqlite:" + path);
    // Per connection, unlike the journal mode: only the application can set them.
    values.put("synchronous", sqlite.synchronous());
    values.put("busy-timeout-ms", Long.toString(sqlite.busyTimeoutMillis()));
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
    values.put("username", p.username());
    values.put("sslmode", model.sslMode());
    if (password != null) {
      values.put("password", password);
      values.put("PGPASSWORD", password);
    }
    // Finding: no TLS or pool parameter is understood by every driver, so the plain URL has none;
    // PG* carry the mode.
    values.put("uri", "postgresql://" + rest);
    values.put("uri-ssl", "postgresql://" + rest + ssl);
    values.put("uri-postgres", "postgres://" + rest + ssl);
    values.put("uri-asyncpg", "postgresql+asyncpg://" + rest);
    values.put("uri-psycopg", "postgresql+psycopg://" + rest + ssl);
    values.put("uri-psycopg2", "postgresql+psycopg2://" + rest + ssl);
    values.put("jdbc-url", "jdbc:postgresql://" + host + ":" + port + "/" + p.database() + ssl);
    values.put("PGHOST", host);
    values.put("PGPORT", port);
    values.put("PGDATABASE", p.database());
    values.put("PGUSER", p.username());
    values.put("PGSSLMODE", model.sslMode());
    return values;
  }

  /** Words that templates may use beside the keys of the Secret itself. */
  static Map<String, String> templateWords(
      InstanceModel model, Backend backend, Map<String, String> values) {
    boolean sqlite = backend == Backend.SQLITE;
    Map<String, String> words = new TreeMap<>(values);
    words.put("backend", backend.value());
    alias(words, "url.sqlalchemy", "uri");
    alias(words, "url.sqlalchemy-async", sqlite ? "uri-aiosqlite" : "uri-asyncpg");
    alias(words, "url.sqlalchemy-psycopg", sqlite ? "uri" : "uri-psycopg");
    alias(words, "url.sqlalchemy-psycopg2", sqlite ? "uri" : "uri-psycopg2");
    alias(words, "url.sqlx", sqlite ? "uri-sqlx" : "uri-ssl");
    alias(words, "url.libpq", "uri-ssl");
    alias(words, "url.go", sqlite ? "uri-file" : "uri-postgres");
    alias(words, "url.jdbc", "jdbc-url");
    PoolSpec pool = model.pool();
    put(words, "pool.minSize", pool.minSize());
    put(words, "pool.maxSize", pool.maxSize());
    put(words, "pool.maxOverflow", pool.maxOverflow());
    String timeout = pool.timeout();
    put(words, "pool.timeoutSeconds", timeout == null ? null : Durations.millis(timeout) / 1000);
    return words;
  }

  private static void alias(Map<String, String> words, String name, String key) {
    put(words, name, words.get(key));
  }

  private static void put(Map<String, String> words, String name, @Nullable Object value) {
    if (value != null) {
      words.put(name, value.toString());
    }
  }
}
