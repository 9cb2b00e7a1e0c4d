package dev.wharfinger.api.v1alpha1;

/** What goes with {@code postgresql.external} and what does not, as CEL over the whole spec. */
final class ExternalRules {
  private static final String NEW = "(has(self.postgresql) && has(self.postgresql.external))";
  private static final String OLD = "(has(oldSelf.postgresql) && has(oldSelf.postgresql.external))";

  static final String BACKEND = "!" + NEW + " || self.backend == 'PostgreSQL'";

  static final String FIXED = NEW + " == " + OLD;

  static final String ADDRESS =
      "!"
          + NEW
          + " || !"
          + OLD
          + " || (has(self.postgresql.external.host) == has(oldSelf.postgresql.external.host) &&"
          + " (!has(self.postgresql.external.host) || !has(oldSelf.postgresql.external.host) ||"
          + " self.postgresql.external.host == oldSelf.postgresql.external.host) &&"
          + " (has(self.postgresql.external.port) ? self.postgresql.external.port : 5432) =="
          + " (has(oldSelf.postgresql.external.port) ? oldSelf.postgresql.external.port : 5432) &&"
          + " (!has(self.postgresql.external.database) || !has(oldSelf.postgresql.external.database) ||"
          + " self.postgresql.external.database == oldSelf.postgresql.external.database))";

  /** A default that the API server adds is nothing that anybody said. */
  static final String ALONE =
      "!has(self.external) || (!has(self.storage) && !has(self.resources) && !has(self.parameters) &&"
          + " !has(self.database) && (!has(self.version) || self.version == '17'))";

  private static final String MODE = "!has(self.ssl) || !has(self.ssl.mode) || ";

  static final String KNOWN_MODE =
      MODE
          + "self.ssl.mode in ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']";

  static final String CA_NEEDED =
      MODE
          + "!(self.ssl.mode in ['verify-ca', 'verify-full']) || !"
          + NEW
          + " || has(self.ssl.caSecretRef)";

  private static final String CERTIFICATE =
      "!has(self.ssl) || !has(self.ssl.certificateSecretRef) || ";

  static final String CA_MEANT =
      "!has(self.ssl) || !has(self.ssl.caSecretRef) || has(self.ssl.certificateSecretRef) || "
          + NEW;

  static final String CERTIFICATE_MEANT = CERTIFICATE + "!" + NEW;

  static final String CERTIFICATE_USED =
      CERTIFICATE + "(has(self.ssl.mode) && self.ssl.mode != 'disable')";

  static final String CLIENT_CERTIFICATE_USED =
      MODE
          + "self.ssl.mode != 'disable' || !"
          + NEW
          + " || !has(self.postgresql.external.clientCertificateSecretRef)";

  static final String NOT_SUSPENDED = "!" + NEW + " || !has(self.suspend) || !self.suspend";

  private ExternalRules() {}
}
