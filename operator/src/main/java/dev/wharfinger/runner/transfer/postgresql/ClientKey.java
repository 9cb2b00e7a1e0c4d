package dev.wharfinger.runner.transfer.postgresql;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that a server is shown, in the files that {@code sslcert} and {@code sslkey} of a
 * URL name. The driver takes a key in few of the forms in which tools write one.
 */
public final class ClientKey {
  private static final String CERTIFICATE = "sslcert=";
  private static final String KEY = "sslkey=";

  /** With that begins what is no text: a sequence in DER. */
  private static final byte SEQUENCE = 0x30;

  private ClientKey() {}

  /** Whether the parameters of a URL name a certificate to show. */
  public static boolean in(String parameters) {
    return parameter(parameters, CERTIFICATE) != null;
  }

  /**
   * The URL with the key in the form that the driver takes whatever its algorithm, in a file that
   * nobody else may read and that goes with this process. Unchanged where it names none, or one
   * that cannot be read: that {@link #fault} says.
   */
  public static PostgresUrl forDriver(PostgresUrl url) {
    String file = parameter(url.parameters(), KEY);
    if (file == null) {
      return url;
    }
    try {
      byte[] key = key(file).getEncoded();
      // Its end tells the driver the form. On POSIX such a file is its owner's alone.
      Path copy = Files.createTempFile("wharfinger-key", ".der");
      copy.toFile().deleteOnExit();
      Files.write(copy, key);
      String name = URLEncoder.encode(copy.toString(), StandardCharsets.UTF_8);
      return new PostgresUrl(
          url.user(),
          url.password(),
          url.host(),
          url.port(),
          url.database(),
          Arrays.stream(url.parameters().split("&"))
              .map(one -> one.startsWith(KEY) ? KEY + name : one)
              .collect(Collectors.joining("&")));
    } catch (GeneralSecurityException e) {
      return url;
    } catch (IOException e) {
      throw new UncheckedIOException("there is no room for a copy of the key", e);
    }
  }

  /** What keeps the two from being shown, without a word of either; null where nothing does. */
  public static @Nullable String fault(String parameters) {
    String certificate = parameter(parameters, CERTIFICATE);
    String key = parameter(parameters, KEY);
    if (certificate == null || key == null) {
      return null;
    }
    PublicKey certified;
    try {
      certified = certificates(certificate).getFirst().getPublicKey();
    } catch (GeneralSecurityException e) {
      return "the certificate cannot be read: it is one in PEM, and after it those between it and its authority";
    }
    try {
      PrivateKey secret =
          KeyFactory.getInstance(certified.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(key(key).getEncoded()));
      return belongTogether(certified, secret) ? null : "the key is another certificate's";
    } catch (GeneralSecurityException | IOException e) {
      return "the key cannot be read, or is another certificate's: it is RSA, EC or Ed25519, in PEM, without a"
          + " passphrase";
    }
  }

  private static List<? extends Certificate> certificates(String file)
      throws GeneralSecurityException {
    List<? extends Certificate> certificates =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bytes(file))));
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    return certificates;
  }

  private static PrivateKeyInfo key(String file) throws GeneralSecurityException {
    byte[] bytes = bytes(file);
    try {
      if (bytes.length > 0 && bytes[0] == SEQUENCE) {
        return PrivateKeyInfo.getInstance(bytes);
      }
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      try (PEMParser parser = new PEMParser(new StringReader(text))) {
        for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
          if (object instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
          }
          if (object instanceof PrivateKeyInfo info) {
            return info;
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // What Bouncy Castle throws at text that is no base64 is an IllegalStateException.
      throw new GeneralSecurityException("no key that can be read", null);
    }
    throw new GeneralSecurityException("no key");
  }

  private static byte[] bytes(String file) throws GeneralSecurityException {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new GeneralSecurityException("no file that can be read", e);
    }
  }

  private static boolean belongTogether(PublicKey certified, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (certified.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] probe = {1, 2, 3};
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(probe);
    byte[] signature = signer.sign();
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(certified);
    verifier.update(probe);
    return verifier.verify(signature);
  }

  private static @Nullable String parameter(String parameters, String name) {
    return Arrays.stream(parameters.split("&"))
        .filter(one -> one.startsWith(name))
        .map(one -> one.substring(name.length()).replace("+", "%2B"))
        .map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8))
        .findFirst()
        .orElse(null);
  }
}
