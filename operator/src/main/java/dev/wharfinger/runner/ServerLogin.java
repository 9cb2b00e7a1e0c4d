package dev.wharfinger.runner;

import dev.wharfinger.runner.probe.Login;
import dev.wharfinger.runner.transfer.postgresql.ClientKey;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.util.Map;
import java.util.Objects;

/**
 * Who the application is on a server: as the URL says, or {@code PGUSER} and {@code PGPASSWORD}, or
 * {@code WHARFINGER_CREDENTIALS_URL}, of which only role and password are taken.
 */
final class ServerLogin {
  private ServerLogin() {}

  static Login of(PostgresUrl url, Map<String, String> environment) {
    String whole = environment.get("WHARFINGER_CREDENTIALS_URL");
    PostgresUrl from =
        whole == null ? url : read(whole.strip(), "WHARFINGER_CREDENTIALS_URL", environment);
    String user = from.user().isEmpty() ? required("PGUSER", environment) : from.user();
    return new Login(user, from.password());
  }

  /**
   * Reads the URL of a server to connect to; the password is that of {@code PGPASSWORD} where it
   * has none.
   */
  static PostgresUrl parse(String url, String where, Map<String, String> environment) {
    return ClientKey.forDriver(read(url, where, environment));
  }

  /** Files that a URL of credentials names are on another machine than this. */
  private static PostgresUrl read(String url, String where, Map<String, String> environment) {
    try {
      return PostgresUrl.parse(url, environment.get("PGPASSWORD"));
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + ": " + e.getMessage());
    }
  }

  static String required(String variable, Map<String, String> environment) {
    String value = environment.get(variable);
    if (value == null || value.isEmpty()) {
      throw new UsageException("the variable " + variable + " is not set, and no URL names a role");
    }
    return Objects.requireNonNull(value);
  }
}
