package dev.wharfinger.runner.backup.store.s3;

import dev.wharfinger.runner.backup.store.TargetException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a store gave no answer, as a reason and the next thing to do. */
final class Unanswered {
  private static final int MOST_TEXT = 300;
  private static final int MOST_CAUSES = 20;

  private Unanswered() {}

  static IOException of(RuntimeException error, String place) {
    String said = deepest(error);
    if (has(error, UnknownHostException.class)) {
      return TargetException.failed(
          "target-name-unknown",
          place + ": nobody knows this host name; correct --endpoint, --region or the DNS");
    }
    TargetException tls = tls(error, place, said);
    if (tls != null) {
      return tls;
    }
    if (!has(error, IOException.class)) {
      return TargetException.refused(
          "target-not-understood",
          "%s does not answer as S3 does: %s; --endpoint has to be the S3 API, not a web page"
              .formatted(place, said));
    }
    return TargetException.failed(
        "target-unreachable",
        "%s cannot be reached, or went away: %s; is it running, and may this machine connect to it?"
            .formatted(place, said));
  }

  private static @Nullable TargetException tls(Throwable error, String place, String said) {
    if (has(error, CertificateExpiredException.class)
        || has(error, CertificateNotYetValidException.class)) {
      return TargetException.refused(
          "tls-expired", "the certificate of " + place + " is good no more, or not yet: " + said);
    }
    if (has(error, CertPathBuilderException.class)) {
      return TargetException.refused(
          "tls-unknown-authority",
          "the certificate of "
              + place
              + " is signed by nobody who is trusted; say with --ca-file who signs it");
    }
    if (has(error, CertificateException.class)) {
      return TargetException.refused(
          "tls-wrong-host", "the certificate of " + place + " is not for this host name: " + said);
    }
    return has(error, SSLException.class)
        ? TargetException.refused(
            "tls-failed", "TLS with " + place + " failed: " + said + "; does it speak https?")
        : null;
  }

  private static Stream<Throwable> causes(Throwable error) {
    return Stream.iterate(error, Objects::nonNull, Throwable::getCause).limit(MOST_CAUSES);
  }

  private static boolean has(Throwable error, Class<? extends Throwable> kind) {
    return causes(error).anyMatch(kind::isInstance);
  }

  /** Without the client's own words around it, which name what was signed. */
  private static String deepest(Throwable error) {
    Throwable last = causes(error).reduce(error, (first, second) -> second);
    return last.getClass().getSimpleName()
        + (last.getMessage() == null ? "" : " \"" + clean(last.getMessage()) + "\"");
  }

  /** One line of what others say. */
  static String clean(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > MOST_TEXT ? line.substring(0, MOST_TEXT) + "…" : line;
  }
}
