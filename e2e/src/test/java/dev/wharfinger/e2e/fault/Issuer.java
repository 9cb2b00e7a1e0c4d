package dev.wharfinger.e2e.fault;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Certificates as the operator would have made them at another time. */
final class Issuer {
  private static final String AUTHORITIES = "operator.tls.Authorities";
  private static final int DNS_NAME = 2;

  private Issuer() {}

  /** An authority that was made then: {@code ca.crt} and {@code ca.key}. */
  static Map<String, String> authority(Instant then) {
    Object authority = Jar.ask("operator.tls.Authority", "make", then);
    return texts(Jar.on(Jar.make(AUTHORITIES, authority, null), "data"));
  }

  /**
   * A certificate that was made then, for the same names as another.
   *
   * @param authority the data of the authority's Secret
   * @param served the data of the server's Secret, of which the rest stays
   */
  static Map<String, String> certificate(
      Map<String, String> authority, Map<String, String> served, Instant then) {
    Object authorities = Jar.ask(AUTHORITIES, "of", authority);
    Object issued =
        Jar.on(
            Jar.on(authorities, "current"),
            "issue",
            names(Objects.requireNonNull(served.get("tls.crt"))),
            then);
    return Map.of(
        "tls.crt", (String) Jar.on(issued, "certificates"),
        "tls.key", (String) Jar.on(issued, "keyText"));
  }

  private static List<String> names(String certificate) {
    try {
      X509Certificate first = Tls.certificates(certificate).iterator().next();
      return first.getSubjectAlternativeNames().stream()
          .filter(name -> Objects.equals(name.get(0), DNS_NAME))
          .map(name -> String.valueOf(name.get(1)))
          .toList();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> texts(Object map) {
    return (Map<String, String>) map;
  }
}
