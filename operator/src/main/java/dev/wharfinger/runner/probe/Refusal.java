package dev.wharfinger.runner.probe;

import dev.wharfinger.runner.transfer.postgresql.TlsFault;
import dev.wharfinger.runner.transfer.sql.Quoting;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a refused connection means, by SQLSTATE: messages are translated. */
final class Refusal {
  private Refusal() {}

  static Finding of(SQLException e, Address at, Login login) {
    TlsFault tls = TlsFault.of(e);
    if (tls != null) {
      return Finding.lasting(
          tls.code(), tls.explain(at.host(), at.port()) + "; sslmode is " + at.sslMode());
    }
    String state = String.valueOf(e.getSQLState());
    String words = words(e);
    String next = "; try: " + at.psql(login, "SELECT 1");
    return switch (state) {
      case "28P01" ->
          Finding.lasting(
              "authentication-failed",
              "the server at "
                  + at.server()
                  + " does not take the password of role "
                  + login.user()
                  + ", or does not know the role; correct the Secret"
                  + (at.showsCertificate()
                      ? "; with clientcert=verify-full it says the same of a certificate whose common name is not the role's"
                      : "")
                  + next);
      case "28000" -> unauthorized(words, at, login, next);
      case "08004" -> needsPassword(e, at, login, next);
      case "3D000" ->
          Finding.lasting(
              "database-missing",
              "database "
                  + at.database()
                  + " is not on the server at "
                  + at.server()
                  + "; say postgresql.external.adminSecretRef, or make it: "
                  + at.with("postgres")
                      .psql(
                          new Login("postgres", null),
                          "CREATE DATABASE "
                              + Quoting.name(at.database())
                              + " OWNER "
                              + Quoting.name(login.user())));
      case "42501" ->
          Finding.lasting(
              "permission-denied",
              "role "
                  + login.user()
                  + " may not use database "
                  + at.database()
                  + ": "
                  + words
                  + next);
      case "53300" ->
          Finding.passing(
              "too-many-connections", "the server has no connection left: " + words + next);
      case "57P01", "57P02", "57P03" ->
          Finding.passing("server-starting", "the server starts or stops: " + words + next);
      default ->
          Finding.passing(
              "connection-failed",
              "the server at "
                  + at.server()
                  + " refused ("
                  + state
                  + "): "
                  + words
                  // Who hangs up at once may be gone before it has said why.
                  + (at.showsCertificate()
                      ? "; perhaps it does not take the certificate of clientCertificateSecretRef"
                      : "")
                  + next);
    };
  }

  private static Finding unauthorized(String words, Address at, Login login, String next) {
    if (words.contains("pg_hba")) {
      return Finding.lasting(
          "not-in-pg-hba",
          "pg_hba.conf of the server lets nobody in like this: "
              + words
              + "; add a line for it there, then SELECT pg_reload_conf()"
              + next);
    }
    // A role may have such a name itself.
    if (words.contains("client certificate") || words.startsWith("certificate authentication")) {
      return Finding.lasting(
          "tls-client-refused",
          "the server at "
              + at.server()
              + " refuses role "
              + login.user()
              + ": "
              + words
              + (at.showsCertificate()
                  ? "; the certificate of clientCertificateSecretRef must be signed by one in ssl_ca_file there, and its"
                      + " common name must be the role's, or mapped to it"
                  : "; say postgresql.external.clientCertificateSecretRef")
              + next);
    }
    return Finding.lasting(
        "role-refused", "the server refuses role " + login.user() + ": " + words + next);
  }

  /** The driver's own answer to a server that asks for a password when there is none. */
  private static Finding needsPassword(SQLException e, Address at, Login login, String next) {
    return login.password() == null || login.password().isEmpty()
        ? Finding.lasting(
            "authentication-failed",
            "the server at "
                + at.server()
                + " asks for a password of role "
                + login.user()
                + ", and the Secret has none; add it"
                + next)
        : Finding.lasting(
            "authentication-failed",
            "the server at "
                + at.server()
                + " asks role "
                + login.user()
                + " for something else than a password"
                + next);
  }

  /** The server's words; the driver's own may repeat what it was given. */
  private static String words(SQLException e) {
    ServerErrorMessage server = server(e);
    return server == null || server.getMessage() == null
        ? "the connection ended"
        : server.getMessage();
  }

  private static @Nullable ServerErrorMessage server(SQLException e) {
    return e instanceof PSQLException own ? own.getServerErrorMessage() : null;
  }
}
