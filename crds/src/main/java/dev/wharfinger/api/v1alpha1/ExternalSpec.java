package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that somebody else runs. Where it is stands in {@code host}, {@code port} and
 * {@code database}, or else in a URL in the credentials' Secret; the database's name alone may
 * stand in that Secret too.
 *
 * @param host name, IPv4 or IPv6 address (without brackets), or, beginning with a slash, the
 *     directory of a socket
 * @param port 5432 unless said
 * @param database the application's database
 * @param credentialsSecretRef who the application is there
 * @param adminSecretRef who may make the application's role and database where they are absent
 * @param clientCertificateSecretRef the certificate by which the server knows the application
 */
@ValidationRule(
    value = "has(self.host) != has(self.credentialsSecretRef.uriKey)",
    fieldPath = ".host",
    message =
        "postgresql.external takes either host and database, or credentialsSecretRef.uriKey, whose URL has both: say one"
            + " of the two")
@ValidationRule(
    value =
        "has(self.host) ? has(self.database) != has(self.credentialsSecretRef.databaseKey) : !has(self.database)",
    fieldPath = ".database",
    message =
        "postgresql.external.database belongs to host: with host say it, or credentialsSecretRef.databaseKey instead;"
            + " with credentialsSecretRef.uriKey neither, because the URL has it")
@ValidationRule(
    value = "!has(self.port) || has(self.host)",
    fieldPath = ".port",
    message =
        "postgresql.external.port belongs to host: with credentialsSecretRef.uriKey the URL has the port")
@ValidationRule(
    value = "!has(self.host) || self.host.matches('" + ExternalSpec.HOST + "')",
    fieldPath = ".host",
    message =
        "postgresql.external.host must be a host name, an IP address without brackets, or the directory of a socket such"
            + " as /var/run/postgresql; no port and no URL")
@ValidationRule(
    value = "!has(self.database) || self.database.matches('" + ExternalSpec.DATABASE + "')",
    fieldPath = ".database",
    message =
        "postgresql.external.database must be letters, digits, underscores, dots and hyphens, and begin with none of the"
            + " last two")
@ValidationRule(
    value = "!has(self.adminSecretRef) || !has(self.host) || !self.host.startsWith('/')",
    fieldPath = ".adminSecretRef",
    message =
        "postgresql.external.adminSecretRef cannot be used with a socket, which only the application's own pod reaches:"
            + " remove it and make role and database by hand")
@ValidationRule(
    value =
        "!has(self.clientCertificateSecretRef) || !has(self.host) || !self.host.startsWith('/')",
    fieldPath = ".clientCertificateSecretRef",
    message =
        "postgresql.external.clientCertificateSecretRef cannot be used with a socket, on which there is no TLS: remove it")
public record ExternalSpec(
    @JsonPropertyDescription(
            "Host name or address of the server; or, beginning with a slash, the directory of a socket, for servers in a"
                + " container of the application's own pod.")
        @Size(min = 1, max = 253)
        @Nullable String host,
    @JsonPropertyDescription("Port of the server. Default: 5432.") @Min(1) @Max(65535)
        @Nullable Integer port,
    @JsonPropertyDescription("The application's database.") @Size(min = 1, max = 63)
        @Nullable String database,
    @JsonPropertyDescription("Secret of the same namespace with the application's role.") @Required
        CredentialsRef credentialsSecretRef,
    @JsonPropertyDescription(
            "Secret of the same namespace with a role that may make the application's role and database. Used only where"
                + " they are absent; what exists is never altered.")
        @Nullable AdminRef adminSecretRef,
    @JsonPropertyDescription(
            "Secret of the same namespace, such as one of type kubernetes.io/tls, with a certificate and its key that the"
                + " application shows the server. The server must speak TLS.")
        @Nullable ClientCertificateRef clientCertificateSecretRef) {

  /** A host name, an address, or a directory. */
  public static final String HOST =
      "^([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*|(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+)$";

  /** Names of databases that need no quoting in any URL or setting. */
  public static final String DATABASE = "^[A-Za-z0-9_][A-Za-z0-9_.-]*$";

  /** A key of a Secret. */
  static final String KEY = "^[-._a-zA-Z0-9]+$";

  /**
   * The application's role.
   *
   * @param name the Secret
   * @param usernameKey its key with the role; default {@code username}
   * @param passwordKey its key with the password; default {@code password}, and without that key
   *     there is no password
   * @param uriKey its key with a whole URL {@code postgres://} or {@code postgresql://}
   * @param databaseKey its key with the name of the application's database, where the spec has none
   */
  @ValidationRule(
      value =
          "!has(self.uriKey) || (!has(self.usernameKey) && !has(self.passwordKey) && !has(self.databaseKey))",
      fieldPath = ".uriKey",
      message =
          "credentialsSecretRef.uriKey is a URL with role, password and database in it: remove usernameKey, passwordKey"
              + " and databaseKey")
  @ValidationRule(
      value = "!has(self.usernameKey) || self.usernameKey.matches('" + KEY + "')",
      fieldPath = ".usernameKey",
      message = "usernameKey must be a key of the Secret: letters, digits, '-', '_' or '.'")
  @ValidationRule(
      value = "!has(self.passwordKey) || self.passwordKey.matches('" + KEY + "')",
      fieldPath = ".passwordKey",
      message = "passwordKey must be a key of the Secret: letters, digits, '-', '_' or '.'")
  @ValidationRule(
      value = "!has(self.uriKey) || self.uriKey.matches('" + KEY + "')",
      fieldPath = ".uriKey",
      message = "uriKey must be a key of the Secret: letters, digits, '-', '_' or '.'")
  @ValidationRule(
      value = "!has(self.databaseKey) || self.databaseKey.matches('" + KEY + "')",
      fieldPath = ".databaseKey",
      message = "databaseKey must be a key of the Secret: letters, digits, '-', '_' or '.'")
  public record CredentialsRef(
      @JsonPropertyDescription("Name of the Secret.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("Key with the role's name. Default: username.")
          @Size(min = 1, max = 253)
          @Nullable String usernameKey,
      @JsonPropertyDescription(
              "Key with the role's password. Default: password; a Secret without that key means no password.")
          @Size(min = 1, max = 253)
          @Nullable String passwordKey,
      @JsonPropertyDescription(
              "Key with a whole URL, postgres:// or postgresql://, instead of host, port, database, usernameKey and"
                  + " passwordKey. Of its parameters only sslmode is obeyed.")
          @Size(min = 1, max = 253)
          @Nullable String uriKey,
      @JsonPropertyDescription(
              "Key with the name of the application's database, in the place of postgresql.external.database. A Secret"
                  + " that later names another database is not followed.")
          @Size(min = 1, max = 253)
          @Nullable String databaseKey) {}

  /**
   * A role that may make others.
   *
   * @param name the Secret
   * @param usernameKey its key with the role; default {@code username}
   * @param passwordKey its key with the password; default {@code password}
   */
  @ValidationRule(
      value = "!has(self.usernameKey) || self.usernameKey.matches('" + KEY + "')",
      fieldPath = ".usernameKey",
      message = "usernameKey must be a key of the Secret: letters, digits, '-', '_' or '.'")
  @ValidationRule(
      value = "!has(self.passwordKey) || self.passwordKey.matches('" + KEY + "')",
      fieldPath = ".passwordKey",
      message = "passwordKey must be a key of the Secret: letters, digits, '-', '_' or '.'")
  public record AdminRef(
      @JsonPropertyDescription("Name of the Secret.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription("Key with the role's name. Default: username.")
          @Size(min = 1, max = 253)
          @Nullable String usernameKey,
      @JsonPropertyDescription("Key with the role's password. Default: password.")
          @Size(min = 1, max = 253)
          @Nullable String passwordKey) {}

  /**
   * A certificate and its key, both in PEM.
   *
   * @param name the Secret
   * @param certificateKey its key with the certificate; default {@code tls.crt}
   * @param privateKeyKey its key with the certificate's key; default {@code tls.key}
   */
  @ValidationRule(
      value = "!has(self.certificateKey) || self.certificateKey.matches('" + KEY + "')",
      fieldPath = ".certificateKey",
      message = "certificateKey must be a key of the Secret: letters, digits, '-', '_' or '.'")
  @ValidationRule(
      value = "!has(self.privateKeyKey) || self.privateKeyKey.matches('" + KEY + "')",
      fieldPath = ".privateKeyKey",
      message = "privateKeyKey must be a key of the Secret: letters, digits, '-', '_' or '.'")
  public record ClientCertificateRef(
      @JsonPropertyDescription("Name of the Secret.") @Required @Size(min = 1, max = 253)
          String name,
      @JsonPropertyDescription(
              "Key with the certificate in PEM, and after it those between it and its authority. Default: tls.crt.")
          @Size(min = 1, max = 253)
          @Nullable String certificateKey,
      @JsonPropertyDescription(
              "Key with the certificate's key in PEM, without a passphrase. Default: tls.key.")
          @Size(min = 1, max = 253)
          @Nullable String privateKeyKey) {}
}
