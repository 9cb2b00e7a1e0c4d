package dev.wharfinger.operator.dependent;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What PostgreSQL stores instead of a password (RFC 5802, RFC 7677). Computed here, so that the
 * password itself never reaches the server, its logs or its statistics.
 */
final class ScramVerifier {
  private static final int ITERATIONS = 4096;

  private ScramVerifier() {}

  /**
   * The verifier of an ASCII password.
   *
   * @param salt 16 random bytes
   */
  static String of(String password, byte[] salt) {
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256))
              .getEncoded();
      byte[] stored = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
      byte[] server = hmac(salted, "Server Key");
      Base64.Encoder base64 = Base64.getEncoder();
      return "SCRAM-SHA-256$"
          + ITERATIONS
          + ":"
          + base64.encodeToString(salt)
          + "$"
          + base64.encodeToString(stored)
          + ":"
          + base64.encodeToString(server);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has these algorithms", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }
}
