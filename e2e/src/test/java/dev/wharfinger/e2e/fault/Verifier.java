package dev.wharfinger.e2e.fault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** What PostgreSQL keeps of a password: RFC 5802. */
final class Verifier {
  private static final Pattern FORM =
      Pattern.compile("SCRAM-SHA-256\\$([0-9]+):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):");
  private static final int BITS = 256;

  private Verifier() {}

  /** Whether a statement has the verifier of a password. */
  static boolean in(String statement, String password) {
    Matcher found = FORM.matcher(statement);
    return !password.isEmpty()
        && found.find()
        && stored(
                password,
                Base64.getDecoder().decode(found.group(2)),
                Integer.parseInt(found.group(1)))
            .equals(found.group(3));
  }

  private static String stored(String password, byte[] salt, int iterations) {
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, BITS))
              .getEncoded();
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(salted, "HmacSHA256"));
      byte[] key = mac.doFinal("Client Key".getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has these", e);
    }
  }
}
