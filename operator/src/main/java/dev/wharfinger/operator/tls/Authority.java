package dev.wharfinger.operator.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Who signs for one server, and for nothing else.
 *
 * @param certificate what clients verify by
 * @param key null where it was lost: it is trusted still, and signs no more
 */
public record Authority(X509Certificate certificate, @Nullable PrivateKey key) {
  /** How long an authority is good for. */
  static final Duration LIFE = Duration.ofDays(3 * 365);

  /** How long a server's certificate is good for. */
  static final Duration SERVER_LIFE = Duration.ofDays(90);

  /** Clocks of nodes differ; one that is late must not take what is new for invalid. */
  static final Duration SKEW = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new one, good from {@code now} on. */
  public static Authority make(Instant now) {
    return make(now, SKEW);
  }

  static Authority make(Instant now, Duration skew) {
    KeyPair pair = pair();
    byte[] serial = serial();
    // Named apart, because two are trusted at once while one takes over from the other.
    X500Name name =
        new X500Name(
            "CN=wharfinger authority " + HexFormat.of().formatHex(serial).substring(0, 12));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(1, serial),
            Date.from(now.minus(skew)),
            Date.from(now.plus(LIFE)),
            name,
            pair.getPublic());
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return new Authority(signed(builder, pair.getPrivate()), pair.getPrivate());
    } catch (GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException("every Java runtime can make an EC certificate", e);
    }
  }

  /**
   * A new certificate for a server; it ends no later than this authority.
   *
   * @param names its host names, the first of which is its common name
   */
  public ServerCertificate issue(List<String> names, Instant now) {
    if (key == null) {
      throw new IllegalStateException("an authority without its key signs nothing");
    }
    KeyPair pair = pair();
    Instant end = now.plus(SERVER_LIFE);
    Instant latest = certificate.getNotAfter().toInstant();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate,
            new BigInteger(1, serial()),
            Date.from(now.minus(SKEW)),
            Date.from(end.isBefore(latest) ? end : latest),
            new javax.security.auth.x500.X500Principal("CN=" + names.getFirst()),
            pair.getPublic());
    try {
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(
                  names.stream()
                      .map(name -> new GeneralName(GeneralName.dNSName, name))
                      .toArray(GeneralName[]::new)))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              extensions.createAuthorityKeyIdentifier(certificate))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              extensions.createSubjectKeyIdentifier(pair.getPublic()));
      return new ServerCertificate(List.of(signed(builder, key)), pair.getPrivate());
    } catch (GeneralSecurityException | CertIOException e) {
      throw new IllegalStateException("every Java runtime can make an EC certificate", e);
    }
  }

  /** Whether it signed {@code other}. */
  boolean signed(X509Certificate other) {
    try {
      other.verify(certificate.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The one of {@code all} that signed {@code other}, or null. */
  static @Nullable Authority of(X509Certificate other, Collection<X509Certificate> all) {
    return all.stream()
        .map(one -> new Authority(one, null))
        .filter(one -> one.signed(other))
        .findFirst()
        .orElse(null);
  }

  boolean endsBefore(Instant time) {
    return certificate.getNotAfter().toInstant().isBefore(time);
  }

  /** When it was made, whatever the skew was that it was made with. */
  Instant made() {
    return certificate.getNotAfter().toInstant().minus(LIFE);
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has P-256", e);
    }
  }

  private static byte[] serial() {
    byte[] serial = new byte[16];
    RANDOM.nextBytes(serial);
    return serial;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return certificate.getSubjectX500Principal().getName();
  }
}
