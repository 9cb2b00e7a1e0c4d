package dev.wharfinger.testing;

import dev.wharfinger.operator.tls.Authority;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** A certificate by which a server knows a role, and its key in the forms that tools write. */
public record ClientPair(X509Certificate certificate, PrivateKey key) {

  /**
   * A new one, good for 90 days.
   *
   * @param algorithm {@code RSA}, {@code EC} or {@code Ed25519}
   */
  public static ClientPair of(Authority by, String role, String algorithm, Instant from)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (!algorithm.equals("Ed25519")) {
      generator.initialize(algorithm.equals("EC") ? 256 : 2048);
    }
    KeyPair pair = generator.generateKeyPair();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            by.certificate(),
            BigInteger.valueOf(System.nanoTime() & Long.MAX_VALUE),
            Date.from(from),
            Date.from(from.plus(Duration.ofDays(90))),
            new X500Principal("CN=" + role),
            pair.getPublic());
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
    return new ClientPair(
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(Objects.requireNonNull(by.key())))),
        pair.getPrivate());
  }

  /** The certificate in PEM. */
  public String certificateText() throws IOException {
    return pem(certificate);
  }

  /** The key in PEM as PKCS #8, which OpenSSL writes. */
  public String keyText() throws IOException {
    return pem(new PemObject("PRIVATE KEY", Objects.requireNonNull(key.getEncoded())));
  }

  /** The key in PEM as OpenSSL wrote it before, and cert-manager does by default. */
  public String oldKeyText() throws IOException {
    if (key instanceof java.security.interfaces.ECPrivateKey ec) {
      return pem(
          new PemObject(
              "EC PRIVATE KEY",
              new ECPrivateKey(256, ec.getS(), SECObjectIdentifiers.secp256r1).getEncoded()));
    }
    return pem(
        new PemObject(
            "RSA PRIVATE KEY",
            PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded()));
  }

  /** A file that nobody else may read, as clients ask of a key's. */
  public static Path secret(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return certificate.getSubjectX500Principal().getName();
  }
}
