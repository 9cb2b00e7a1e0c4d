package dev.wharfinger.runner.transfer.postgresql;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What is wrong where no connection comes about for its TLS. */
public enum TlsFault {
  /** Nobody who is trusted signed the certificate. */
  UNKNOWN_AUTHORITY("tls-unknown-authority"),
  /** The certificate is for other host names. */
  WRONG_HOST("tls-wrong-host"),
  /** The certificate is good no more, or not yet. */
  EXPIRED("tls-expired"),
  /** The server does not take the certificate that it is shown. */
  CLIENT_REFUSED("tls-client-refused"),
  /** Anything else, such as a protocol that only one side speaks. */
  OTHER("tls-failed");

  /** What a server says of a client's certificate alone; Java does not translate it. */
  private static final Pattern OF_CLIENT =
      Pattern.compile("Received fatal alert: (unknown_ca|access_denied|\\w*certificate\\w*)");

  private final String code;

  TlsFault(String code) {
    this.code = code;
  }

  /** A word for programs. */
  public String code() {
    return code;
  }

  /** Which one is behind {@code error}; null where it is not about TLS. */
  public static @Nullable TlsFault of(SQLException error) {
    // The driver compares the host name by itself, and says so in a language of its choice.
    if ("08006".equals(error.getSQLState())
        && String.valueOf(error.getMessage()).contains("HostnameVerifier")) {
      return WRONG_HOST;
    }
    if (causes(error)
        .anyMatch(t ->
            t instanceof CertificateExpiredException
                || t instanceof CertificateNotYetValidException)) {
      return EXPIRED;
    }
    if (causes(error).anyMatch(t -> t instanceof java.security.cert.CertPathBuilderException)) {
      return UNKNOWN_AUTHORITY;
    }
    if (causes(error)
        .anyMatch(t ->
            t instanceof SSLException
                && OF_CLIENT.matcher(String.valueOf(t.getMessage())).find())) {
      return CLIENT_REFUSED;
    }
    return causes(error)
            .anyMatch(t -> t instanceof SSLException || t instanceof CertificateException)
        ? OTHER
        : null;
  }

  private static Stream<Throwable> causes(Throwable error) {
    return Stream.iterate(error, java.util.Objects::nonNull, Throwable::getCause).limit(20);
  }

  /**
   * What it means and the next command to run.
   *
   * @param host as it was asked for
   * @param port TCP port
   */
  public String explain(String host, int port) {
    String server = host + ":" + port;
    String show = "openssl s_client -starttls postgres -connect " + server + " </dev/null";
    return switch (this) {
      case UNKNOWN_AUTHORITY ->
          "the certificate of "
              + server
              + " is signed by none of the certificates that are trusted; see who signed it: "
              + show
              + " | openssl x509 -noout -issuer";
      case WRONG_HOST ->
          "the certificate of "
              + server
              + " is not for this host name; see for which it is: "
              + show
              + " | openssl x509 -noout -ext subjectAltName";
      case EXPIRED ->
          "the certificate of "
              + server
              + " has expired, or is not good yet; see when it is: "
              + show
              + " | openssl x509 -noout -dates";
      case CLIENT_REFUSED ->
          server
              + " does not take the certificate that it is shown: its authority must stand in ssl_ca_file there, and it"
              + " must be good now and for clients; look at it: openssl x509 -noout -text -in tls.crt";
      case OTHER -> "TLS with " + server + " failed; see what the server says: " + show;
    };
  }
}
