package dev.wharfinger.runner.backup.store.s3;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;

/**
 * The proxy that the variables name which most programs read. The library alone would take that of
 * {@code HTTP_PROXY} for TLS too, and would except whole names only.
 */
final class Proxies {
  private Proxies() {}

  /** For a store; null is that of AWS. */
  static ProxyConfiguration of(@Nullable URI endpoint, Map<String, String> environment) {
    ProxyConfiguration.Builder proxy =
        ProxyConfiguration.builder()
            .scheme(endpoint != null && "http".equals(endpoint.getScheme()) ? "http" : "https");
    String direct = environment.getOrDefault("NO_PROXY", environment.get("no_proxy"));
    return (direct == null ? proxy : proxy.nonProxyHosts(direct(direct))).build();
  }

  /** Patterns of the hosts that are asked without a proxy: those of a list, and all below them. */
  static Set<String> direct(String list) {
    return Pattern.compile("[,\\s]+")
        .splitAsStream(list)
        .map(name -> name.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
        .filter(name -> !name.isEmpty())
        .map(name -> name.equals("*") ? ".*" : "(.*\\.)?" + Pattern.quote(name))
        .collect(Collectors.toUnmodifiableSet());
  }
}
