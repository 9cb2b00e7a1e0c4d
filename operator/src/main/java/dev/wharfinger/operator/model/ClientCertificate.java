package dev.wharfinger.operator.model;

/**
 * What the application shows an external server of itself.
 *
 * @param certificate in PEM, as its Secret has it
 * @param key the certificate's key, in PEM, as its Secret has it
 */
public record ClientCertificate(String certificate, String key) {

  /** Without the key. */
  @Override
  public String toString() {
    return "a client's certificate";
  }
}
