package dev.wharfinger.operator.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows now, with what clients verify it by.
 *
 * @param certificate null before there is one, or where it is spoiled
 * @param trusted the certificates of {@code ca.crt}
 */
public record Served(@Nullable ServerCertificate certificate, List<X509Certificate> trusted) {
  /** Before its end a certificate is renewed. */
  static final Duration RENEWED = Duration.ofDays(30);

  /** Reads the Secret that the server mounts; empty where there is none. */
  public static Served of(Map<String, String> data) {
    return new Served(certificate(data), trusted(data));
  }

  private static @Nullable ServerCertificate certificate(Map<String, String> data) {
    try {
      return ServerCertificate.of(
          data.getOrDefault("tls.crt", ""), data.getOrDefault("tls.key", ""));
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private static List<X509Certificate> trusted(Map<String, String> data) {
    try {
      return Pem.certificates(data.getOrDefault("ca.crt", ""));
    } catch (CertificateException e) {
      return List.of();
    }
  }

  /** Who signed it, or null where nobody knows. */
  @Nullable Authority issuer() {
    return certificate == null ? null : Authority.of(certificate.certificate(), trusted);
  }

  boolean signedBy(Authority authority) {
    return certificate != null && authority.signed(certificate.certificate());
  }

  /**
   * What the Secret should hold, signed by the operator's own authority.
   *
   * @param names the server's host names
   * @param announced whether clients have been told of the next authority
   */
  public Map<String, String> due(
      Authorities authorities, List<String> names, boolean announced, Instant now) {
    ServerCertificate due =
        certificate != null && good(certificate, authorities, names, announced, now)
            ? certificate
            : authorities.signer(announced, now).issue(names, now);
    return data(due, authorities.bundle());
  }

  /** The data of the Secret. */
  static Map<String, String> data(ServerCertificate certificate, @Nullable String bundle) {
    Map<String, String> data = new TreeMap<>();
    data.put("tls.crt", certificate.certificates());
    data.put("tls.key", certificate.keyText());
    if (bundle != null) {
      data.put("ca.crt", bundle);
    }
    return data;
  }

  private boolean good(
      ServerCertificate present,
      Authorities authorities,
      List<String> names,
      boolean announced,
      Instant now) {
    Authority signer = authorities.signer(announced, now);
    Authority next = authorities.next();
    boolean lasts = present.end().isAfter(now.plus(RENEWED));
    try {
      return lasts
          && (lent(authorities, announced, now)
              || (signedBy(signer) || next != null && signedBy(next))
                  && present.missing(names).isEmpty());
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  /**
   * Whether it is of somebody who signs no more, such as a key that was lost; it goes on until
   * everybody has been told of the next authority.
   */
  private boolean lent(Authorities authorities, boolean announced, Instant now) {
    Authority next = authorities.next();
    return authorities.current().key() == null
        && signedBy(authorities.current())
        && !(announced && next != null && !now.isBefore(next.made().plus(Authorities.OVERLAP)));
  }
}
