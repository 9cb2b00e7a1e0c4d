package dev.wharfinger.operator.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a server shows, and the key that proves it is its own.
 *
 * @param chain the server's certificate and those between it and its authority
 * @param key the certificate's key
 */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
  private static final int DNS_NAME = 2;

  /**
   * Reads {@code tls.crt} and {@code tls.key}.
   *
   * @throws GeneralSecurityException where one of them cannot be read, or they do not belong
   *     together
   */
  static ServerCertificate of(String certificates, String key) throws GeneralSecurityException {
    ServerCertificate read = new ServerCertificate(Pem.certificates(certificates), Pem.key(key));
    if (!read.belongTogether()) {
      throw new GeneralSecurityException("the key is another certificate's");
    }
    return read;
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  Instant end() {
    return certificate().getNotAfter().toInstant();
  }

  /** Those of {@code names} that it is not for; a star stands for one label. */
  List<String> missing(Collection<String> names) throws CertificateParsingException {
    Collection<List<?>> alternatives = certificate().getSubjectAlternativeNames();
    Set<String> has =
        alternatives == null
            ? Set.of()
            : alternatives.stream()
                .filter(entry -> Objects.equals(entry.get(0), DNS_NAME))
                .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    return names.stream()
        .filter(name -> !has.contains(name) && !has.contains(name.replaceFirst("^[^.]+", "*")))
        .toList();
  }

  /** Whether who trusts {@code trusted}, and nobody else, believes it. */
  boolean verifiedBy(List<X509Certificate> trusted, Instant now) {
    try {
      List<X509Certificate> path = chain.stream().filter(one -> !trusted.contains(one)).toList();
      if (path.isEmpty()) {
        return true;
      }
      PKIXParameters parameters =
          new PKIXParameters(
              trusted.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet()));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private boolean belongTogether() throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    byte[] probe = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(probe);
    byte[] signature = signer.sign();
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate().getPublicKey());
      verifier.update(probe);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A key of another kind.
      return false;
    }
  }

  /** As {@code tls.crt}. */
  public String certificates() {
    return Pem.of(chain);
  }

  /** As {@code tls.key}. */
  public String keyText() {
    return Pem.of(key);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return certificate().getSubjectX500Principal().getName();
  }
}
