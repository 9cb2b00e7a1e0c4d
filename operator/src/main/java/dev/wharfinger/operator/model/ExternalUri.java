package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.ExternalSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A URL {@code postgres://} or {@code postgresql://} as providers hand it out, percent-encoded.
 *
 * @param host without the brackets of an IPv6 address
 * @param port 5432 where the URL has none
 * @param database its path
 * @param username its user
 * @param password null where the URL has none
 * @param sslMode its parameter {@code sslmode}, or null; other parameters are left out
 */
record ExternalUri(
    String host,
    int port,
    String database,
    String username,
    @Nullable String password,
    @Nullable String sslMode) {
  /** What stands before the question mark; libpq would let these win. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "host",
          "hostaddr",
          "port",
          "dbname",
          "user",
          "password",
          "passfile",
          "service",
          "servicefile",
          "options");

  private static final Set<String> MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with what is wrong with it, and nothing of its text
   */
  static ExternalUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "cannot be read as a URL; special characters of role and password need percent-encoding",
          null);
    }
    if (!"postgres".equals(uri.getScheme()) && !"postgresql".equals(uri.getScheme())) {
      throw new IllegalArgumentException("does not begin with postgres:// or postgresql://");
    }
    String host = uri.getHost();
    String path = uri.getRawPath();
    if (host == null || path == null || path.length() < 2) {
      throw new IllegalArgumentException(
          "names no host or no database, or has special characters that are not percent-encoded");
    }
    String info = uri.getRawUserInfo();
    if (info == null || info.isEmpty() || info.startsWith(":")) {
      throw new IllegalArgumentException("names no role");
    }
    refuseElsewhere(uri.getRawQuery());
    int colon = info.indexOf(':');
    return new ExternalUri(
        allowed(host.replaceAll("[\\[\\]]", ""), ExternalSpec.HOST, "host"),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        allowed(decode(path.substring(1)), ExternalSpec.DATABASE, "database"),
        decode(colon < 0 ? info : info.substring(0, colon)),
        colon < 0 ? null : decode(info.substring(colon + 1)),
        sslMode(uri.getRawQuery()));
  }

  private static String allowed(String text, String pattern, String what) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException("has a " + what + " with characters that it cannot have");
    }
    return text;
  }

  private static void refuseElsewhere(@Nullable String query) {
    if (query == null) {
      return;
    }
    for (String parameter : query.split("&")) {
      String name = decode(parameter.split("=", 2)[0]);
      if (ELSEWHERE.contains(name)) {
        throw new IllegalArgumentException(
            "has a parameter " + name + "; say it before the question mark, or leave it out");
      }
    }
  }

  private static @Nullable String sslMode(@Nullable String query) {
    String mode =
        query == null
            ? null
            : Arrays.stream(query.split("&"))
                .filter(p -> p.startsWith("sslmode="))
                .map(p -> p.substring("sslmode=".length()))
                .findFirst()
                .orElse(null);
    if (mode != null && !MODES.contains(mode)) {
      throw new IllegalArgumentException("has a parameter sslmode that libpq does not know");
    }
    return mode;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
