package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A URL of the JDBC driver as the environment of PostgreSQL's own programs, which must connect to
 * the same server in the same way: above all, not with less of TLS.
 */
public final class LibpqEnvironment {
  /** Parameters of a URL that libpq knows by another way. */
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "sslmode", "PGSSLMODE",
          "sslrootcert", "PGSSLROOTCERT",
          "sslcert", "PGSSLCERT",
          "sslkey", "PGSSLKEY");

  private LibpqEnvironment() {}

  /**
   * The variables to set.
   *
   * @throws IllegalArgumentException for a parameter that cannot be said to libpq; its message
   *     names the parameter and never repeats a value
   */
  public static Map<String, String> of(PostgresUrl url) {
    Map<String, String> all = new HashMap<>();
    String host = url.host();
    all.put("PGHOST", host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    all.put("PGPORT", Integer.toString(url.port()));
    all.put("PGDATABASE", url.database());
    all.put("PGAPPNAME", "wharfinger");
    all.put("PGCONNECT_TIMEOUT", "15");
    if (!url.user().isEmpty()) {
      all.put("PGUSER", url.user());
    }
    if (url.password() != null) {
      all.put("PGPASSWORD", url.password());
    }
    boolean encrypted = false;
    for (String parameter : url.parameters().split("&")) {
      String[] parts = parameter.split("=", 2);
      String value = parts.length < 2 ? "" : decode(parts[1]);
      String variable = PARAMETERS.get(parts[0]);
      if (variable != null) {
        all.put(variable, value);
      } else if (parts[0].equals("ssl")) {
        encrypted = value.isEmpty() || value.equals("true");
      } else if (!parameter.isEmpty()) {
        throw new IllegalArgumentException(
            "the URL's parameter %s is not known to pg_dump and pg_restore; leave it out. They know sslmode, sslrootcert, sslcert and sslkey"
                .formatted(parts[0]));
      }
    }
    if (encrypted) {
      // That is what the driver does.
      all.putIfAbsent("PGSSLMODE", "verify-full");
    }
    return all;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
