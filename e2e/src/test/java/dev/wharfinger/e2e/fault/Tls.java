package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server does about TLS, by the rules of libpq and PostgreSQL.
 *
 * @param on whether it speaks it
 * @param demanded whether nobody gets in without
 * @param certificate what it shows, as PEM
 */
record Tls(boolean on, boolean demanded, String certificate) {
  /** A server without it. */
  static final Tls NONE = new Tls(false, false, "");

  private static final int DNS_NAME = 2;
  private static final Map<List<String>, Boolean> VERIFIED = new ConcurrentHashMap<>();

  /**
   * Who connects.
   *
   * @param mode libpq's sslmode
   * @param ca the certificates to verify by, as PEM
   * @param host the name that it connects to
   */
  record Client(String mode, String ca, String host) {
    /** Takes what comes. */
    static final Client EASY = new Client("prefer", "", "");

    boolean verifies() {
      return mode.startsWith("verify-");
    }
  }

  /** What the files say that a server's pod has mounted now; a running one reads them again. */
  static Tls of(Pod pod, Mounts mounts) {
    Map<String, String> files = mounts.config(name(pod));
    boolean mounted =
        pod.getSpec().getVolumes().stream().anyMatch(volume -> volume.getName().equals("tls"));
    return new Tls(
        mounted && files.getOrDefault("postgresql.conf", "").contains("ssl = on"),
        files.getOrDefault("pg_hba.conf", "").contains("hostssl all all all"),
        mounts.secret(name(pod) + "-tls").getOrDefault("tls.crt", ""));
  }

  /** The server of a pod. */
  static String name(Pod pod) {
    return pod.getMetadata().getName().replaceAll("-0$", "");
  }

  /** Whether {@code client} is let in, and lets itself in with this server. */
  boolean takes(Client client) {
    return switch (client.mode()) {
      case "disable" -> !demanded;
      case "allow", "prefer" -> on || !demanded;
      case "require" -> on;
      default -> on && verifiedBy(client);
    };
  }

  /** Whether what it shows was signed by somebody whom the client was told, and is for the name. */
  boolean verifiedBy(Client client) {
    boolean full = client.mode().equals("verify-full");
    return VERIFIED.computeIfAbsent(
        List.of(certificate, client.ca(), full ? client.host() : ""),
        key -> verified(certificate, client.ca(), full ? client.host() : null));
  }

  private static boolean verified(String certificate, String ca, @Nullable String host) {
    try {
      X509Certificate shown = certificates(certificate).iterator().next();
      return (host == null || names(shown, host))
          && certificates(ca).stream().anyMatch(authority -> signed(authority, shown));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean names(X509Certificate certificate, String host)
      throws GeneralSecurityException {
    return Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.<List<?>>of())
        .stream()
        .anyMatch(name -> Objects.equals(name.get(0), DNS_NAME) && host.equals(name.get(1)));
  }

  static boolean signed(X509Certificate authority, X509Certificate other) {
    try {
      other.checkValidity();
      other.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** At least one. */
  static Collection<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    List<X509Certificate> all =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (all.isEmpty()) {
      throw new GeneralSecurityException("no certificate");
    }
    return all;
  }
}
