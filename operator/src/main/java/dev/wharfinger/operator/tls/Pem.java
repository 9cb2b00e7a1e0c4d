package dev.wharfinger.operator.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Certificates and keys as text; of the same ones always the same text. */
final class Pem {
  private Pem() {}

  static String of(Collection<X509Certificate> certificates) {
    return text(writer -> {
      for (X509Certificate certificate : certificates) {
        writer.writeObject(certificate);
      }
    });
  }

  /** As PKCS #8. */
  static String of(PrivateKey key) {
    return text(writer -> writer.writeObject(new JcaPKCS8Generator(key, null)));
  }

  /**
   * The certificates in {@code text}, in its order.
   *
   * @throws CertificateException where there is none, or one that cannot be read
   */
  static List<X509Certificate> certificates(String text) throws CertificateException {
    List<X509Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    return certificates;
  }

  /**
   * The first key in {@code text}, in any of the forms that tools write.
   *
   * @throws GeneralSecurityException where there is none, or one that cannot be read; without a
   *     word of the text
   */
  static PrivateKey key(String text) throws GeneralSecurityException {
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        PrivateKeyInfo info =
            object instanceof PEMKeyPair pair
                ? pair.getPrivateKeyInfo()
                : object instanceof PrivateKeyInfo one ? one : null;
        if (info != null) {
          return KeyFactory.getInstance(algorithm(info.getPrivateKeyAlgorithm().getAlgorithm()))
              .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        }
      }
    } catch (IOException | RuntimeException e) {
      // What Bouncy Castle throws at text that is no base64 is an IllegalStateException.
      throw new GeneralSecurityException("no key that can be read", null);
    }
    throw new GeneralSecurityException("no key");
  }

  private static String algorithm(ASN1ObjectIdentifier id) throws GeneralSecurityException {
    if (id.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return "RSA";
    }
    if (id.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return "EC";
    }
    if (id.equals(EdECObjectIdentifiers.id_Ed25519)) {
      return "Ed25519";
    }
    throw new GeneralSecurityException("a key that is neither RSA, EC nor Ed25519");
  }

  private interface Content {
    void write(JcaPEMWriter writer) throws IOException;
  }

  private static String text(Content content) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      content.write(writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Lines end as everywhere, whatever this system's do.
    return text.toString().replace("\r\n", "\n");
  }
}
