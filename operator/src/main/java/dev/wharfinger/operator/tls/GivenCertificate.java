package dev.wharfinger.operator.tls;

import dev.wharfinger.operator.model.StalledException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A certificate that somebody else makes. The server never gets one that no client would take. */
public final class GivenCertificate {
  /** The reasons for which one is not used. */
  public static final List<String> REASONS =
      List.of(
          "CertificateMissing",
          "CertificateInvalid",
          "CertificateExpired",
          "CertificateWrongHost",
          "CertificateWithoutAuthority",
          "CertificateUnknownAuthority");

  private static final String NOTICED = "; it is noticed by itself within ten minutes";

  private GivenCertificate() {}

  /**
   * What the server's own Secret is to hold.
   *
   * @param secret name of the Secret it comes from, for messages
   * @param data what that one holds
   * @param ca what clients verify by, where that is said apart; else the Secret's {@code ca.crt}
   * @param host the name that clients connect to
   * @param verified whether clients verify
   * @throws StalledException where it cannot be used; never with a word of the key
   */
  public static Map<String, String> of(
      String secret,
      Map<String, String> data,
      @Nullable String ca,
      String host,
      boolean verified,
      Instant now) {
    ServerCertificate certificate = read(secret, data);
    if (!certificate.end().isAfter(now)) {
      throw new StalledException(
          "CertificateExpired",
          "the certificate in Secret "
              + secret
              + " ended at "
              + certificate.end().truncatedTo(ChronoUnit.SECONDS)
              + "; renew it"
              + NOTICED);
    }
    requireHost(secret, certificate, host);
    String bundle = ca == null ? data.get("ca.crt") : ca;
    if (bundle == null || bundle.isBlank()) {
      if (verified) {
        throw new StalledException(
            "CertificateWithoutAuthority",
            "Secret "
                + secret
                + " has no ca.crt, and clients are to verify: name the certificates to do it by in ssl.caSecretRef");
      }
      return Served.data(certificate, null);
    }
    requireAuthority(secret, certificate, bundle, now);
    return Served.data(certificate, bundle);
  }

  private static ServerCertificate read(String secret, Map<String, String> data) {
    String certificates = data.get("tls.crt");
    String key = data.get("tls.key");
    if (certificates == null || key == null || certificates.isBlank() || key.isBlank()) {
      throw new StalledException(
          "CertificateMissing",
          "Secret " + secret + " has no tls.crt or no tls.key yet, or nothing in it" + NOTICED);
    }
    try {
      return ServerCertificate.of(certificates, key);
    } catch (GeneralSecurityException e) {
      throw new StalledException(
          "CertificateInvalid",
          "tls.crt and tls.key of Secret "
              + secret
              + " cannot be read, or do not belong together; both are PEM, and the key is RSA, EC or Ed25519 without a"
              + " passphrase");
    }
  }

  private static void requireHost(String secret, ServerCertificate certificate, String host) {
    try {
      if (!certificate.missing(List.of(host)).isEmpty()) {
        throw new StalledException(
            "CertificateWrongHost",
            "the certificate in Secret "
                + secret
                + " is not for "
                + host
                + ", to which the application connects: have it made with that name among its DNS names"
                + NOTICED);
      }
    } catch (CertificateParsingException e) {
      throw new StalledException(
          "CertificateInvalid",
          "the names of the certificate in Secret " + secret + " are spoiled");
    }
  }

  private static void requireAuthority(
      String secret, ServerCertificate certificate, String bundle, Instant now) {
    List<X509Certificate> trusted;
    try {
      trusted = Pem.certificates(bundle);
    } catch (CertificateException e) {
      throw new StalledException(
          "CertificateInvalid",
          "the certificates that go with Secret " + secret + " cannot be read: they are PEM");
    }
    if (!certificate.verifiedBy(trusted, now)) {
      throw new StalledException(
          "CertificateUnknownAuthority",
          "the certificate in Secret "
              + secret
              + " cannot be verified by the certificates that go with it, in its ca.crt or in ssl.caSecretRef: name those"
              + " of the authority that signed it");
    }
  }
}
