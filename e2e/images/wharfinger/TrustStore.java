import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/**
 * Writes a Java trust store from a bundle of PEM certificates. A JDK's own store may be a link to
 * the build machine's, which can hold certificates that do not belong into an image.
 *
 * <p>Arguments: the PEM file, the store to write.
 */
class TrustStore {
  public static void main(String[] args) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream bundle = new BufferedInputStream(Files.newInputStream(Path.of(args[0])))) {
      for (var found : CertificateFactory.getInstance("X.509").generateCertificates(bundle)) {
        X509Certificate certificate = (X509Certificate) found;
        String alias = certificate.getSubjectX500Principal().getName() + " " + certificate.getSerialNumber();
        store.setCertificateEntry(alias, certificate);
      }
    }
    if (store.size() == 0) {
      throw new IllegalStateException("no certificate in " + args[0]);
    }
    // Without a password the store is neither encrypted nor sealed, like the one of a JDK.
    try (OutputStream out = Files.newOutputStream(Path.of(args[1]))) {
      store.store(out, null);
    }
  }
}
