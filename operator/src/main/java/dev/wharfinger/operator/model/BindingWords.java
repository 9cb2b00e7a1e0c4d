package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.Backend;
import dev.wharfinger.api.v1alpha1.PoolSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The words that templates may use: the keys of the Secret itself, and some more. */
final class BindingWords {
  /** Those that are known although a resource that says nothing of them has no value for them. */
  private static final Set<String> AT_TIMES =
      Set.of(
          "synchronous",
          "busy-timeout-ms",
          "ca.crt",
          "sslrootcert",
          "PGSSLROOTCERT",
          "tls.crt",
          "tls.key",
          "sslcert",
          "sslkey",
          "PGSSLCERT",
          "PGSSLKEY",
          "PGCONNECT_TIMEOUT",
          "pool.minSize",
          "pool.maxSize",
          "pool.maxOverflow",
          "pool.timeoutSeconds",
          "pool.recycleSeconds",
          "pool.connectTimeoutSeconds");

  private BindingWords() {}

  /** The words that have a value on a backend. */
  static Map<String, String> of(InstanceModel model, Backend backend, Map<String, String> values) {
    boolean sqlite = backend == Backend.SQLITE;
    Map<String, String> words = new TreeMap<>(values);
    words.put("backend", backend.value());
    words.put("brace", "{");
    // Unlike "dir" on PostgreSQL too: other files of the application stay on the volume.
    words.put("mount-path", model.mountPath());
    alias(words, "url.sqlalchemy", "uri");
    alias(words, "url.sqlalchemy-async", sqlite ? "uri-aiosqlite" : "uri-asyncpg");
    alias(words, "url.sqlalchemy-psycopg", sqlite ? "uri" : "uri-psycopg");
    alias(words, "url.sqlalchemy-psycopg2", sqlite ? "uri" : "uri-psycopg2");
    alias(words, "url.sqlx", sqlite ? "uri-sqlx" : "uri-ssl");
    alias(words, "url.libpq", "uri-ssl");
    String timeout = words.get("PGCONNECT_TIMEOUT");
    if (timeout != null) {
      // Unlike that key this is for libpq alone, which takes it.
      put(words, "url.libpq", words.get("uri-ssl") + "&connect_timeout=" + timeout);
    }
    alias(words, "url.go", sqlite ? "uri-file" : "uri-postgres");
    alias(words, "url.jdbc", "jdbc-url");
    pool(words, model.pool());
    databases(words, model, sqlite, values);
    return words;
  }

  /** The words that have a value on any backend, or could have one. */
  static Set<String> known(InstanceModel model) {
    Set<String> known = new TreeSet<>(AT_TIMES);
    known.addAll(BindingValues.file(model, model.sqlite().mainDatabase()).keySet());
    for (Backend backend : Backend.values()) {
      known.addAll(of(model, backend, BindingValues.of(model, backend, "password")).keySet());
    }
    return known;
  }

  private static void pool(Map<String, String> words, PoolSpec pool) {
    put(words, "pool.minSize", pool.minSize());
    put(words, "pool.maxSize", pool.maxSize());
    put(words, "pool.maxOverflow", pool.maxOverflow());
    put(words, "pool.timeoutSeconds", seconds(pool.timeout()));
    put(words, "pool.recycleSeconds", seconds(pool.recycle()));
    put(words, "pool.connectTimeoutSeconds", seconds(pool.connectTimeout()));
  }

  private static @Nullable Long seconds(@Nullable String duration) {
    return duration == null ? null : Durations.millis(duration) / 1000;
  }

  /**
   * {@code db.NAME.…} for every file, by its name without the ending. On PostgreSQL the main one is
   * the server's, and those that no move takes along are files still.
   */
  private static void databases(
      Map<String, String> words, InstanceModel model, boolean sqlite, Map<String, String> values) {
    List<String> files = model.sqlite().databases();
    List<String> stay = model.sqlite().unmoved();
    Set<String> several = new HashSet<>();
    Set<String> names = new HashSet<>();
    files.stream().map(BindingWords::name).filter(n -> !names.add(n)).forEach(several::add);
    for (String file : files) {
      boolean main = file.equals(model.sqlite().mainDatabase());
      // Of a.db and a.sqlite neither is meant by "a".
      if (!several.contains(name(file)) && (main || sqlite || stay.contains(file))) {
        (main ? values : BindingValues.file(model, file))
            .forEach((key, value) -> words.put("db." + name(file) + "." + key, value));
      }
    }
  }

  private static String name(String file) {
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
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
