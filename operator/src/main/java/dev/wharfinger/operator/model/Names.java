package dev.wharfinger.operator.model;

import dev.wharfinger.api.v1alpha1.StorageInstance;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of an instance's objects. They derive from the instance's name alone, so that every one
 * can be found again without any record.
 *
 * @param instance the instance's name, at most 40 characters
 */
public record Names(String instance) {

  public static Names of(StorageInstance instance) {
    return new Names(instance.getMetadata().getName());
  }

  /** Claim of the SQLite volume. */
  public String dataClaim() {
    return instance + "-data";
  }

  /** Claim of the volume that backup sets are kept on, where nobody names another. */
  public String backupClaim() {
    return instance + "-backups";
  }

  /** Secret with the password that the PostgreSQL role is to have, and its verifier. */
  public String credentials() {
    return instance + "-credentials";
  }

  /** Secret with the password that the PostgreSQL role has. */
  public String role() {
    return instance + "-postgresql-role";
  }

  /** Secret that the application reads. */
  public String binding() {
    return instance + "-binding";
  }

  /** StatefulSet, ConfigMap and client Service of the PostgreSQL server. */
  public String postgresql() {
    return instance + "-postgresql";
  }

  /** Headless Service that gives the server's pod its name. */
  public String postgresqlHeadless() {
    return instance + "-postgresql-headless";
  }

  /** Secret with the server's certificate and key, and what clients verify it by. */
  public String certificate() {
    return instance + "-postgresql-tls";
  }

  /** Secret with the authority that signs for the server. */
  public String authority() {
    return instance + "-postgresql-ca";
  }

  /** Claim that the StatefulSet makes from its template. */
  public String postgresqlClaim() {
    return "data-" + postgresql() + "-0";
  }

  /** Job that makes the declared SQLite files; another declaration is another Job. */
  public String initJob(String content) {
    return instance + "-init-" + hash(content);
  }

  /** Job that runs schema migrations; what is asked for otherwise is another Job. */
  public String schemaJob(String ask) {
    return instance + "-schema-" + hash(ask);
  }

  /** Job that gives the role another password; what it is to be otherwise is another Job. */
  public String passwordJob(String ask) {
    return instance + "-password-" + hash(ask);
  }

  /** Job that reads the revision of the schema; what is asked for otherwise is another Job. */
  public String revisionJob(String ask) {
    return instance + "-revision-" + hash(ask);
  }

  /** Job that looks whether the application could still log in; the next look is another Job. */
  public String connectionJob(String look) {
    return instance + "-connection-" + hash(look);
  }

  /** Job that fills a new volume from a backup set; another claim, set or key is another Job. */
  public String restoreJob(String content) {
    return instance + "-restore-" + hash(content);
  }

  /** Job that restores a set for a try; another slot, or another wish, is another Job. */
  public String drillJob(String ask) {
    return instance + "-drill-" + hash(ask);
  }

  /** ConfigMap with what the last Job of schema migrations left behind. */
  public String schemaRecord() {
    return instance + "-schema-record";
  }

  /** Eight hexadecimal digits of SHA-256. */
  public static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
