package dev.wharfinger.runner.backup.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Tells a key of the application from another one without telling the key: salted, and slow to try.
 * One line feed at the end does not count, for a Secret has none and a file made by hand has one.
 *
 * @param name what the key is called, for example {@code encryption.key}
 * @param salt 32 hexadecimal digits
 * @param hash 64 hexadecimal digits
 */
public record KeyFingerprint(String name, String salt, String hash) {
  private static final int ROUNDS = 210_000;
  private static final int LARGEST = 1 << 20;

  /** The fingerprint of the key in a file, with a new salt. */
  public static KeyFingerprint of(String name, Path file) throws IOException {
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    return new KeyFingerprint(name, HexFormat.of().formatHex(salt), hash(salt, file));
  }

  /** Whether the key in a file is this one. */
  public boolean matches(Path file) throws IOException {
    return hash(HexFormat.of().parseHex(salt), file).equals(hash);
  }

  private static String hash(byte[] salt, Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException(file + " is larger than a mebibyte, so it is no key");
    }
    byte[] key = Files.readAllBytes(file);
    int length = key.length > 0 && key[key.length - 1] == '\n' ? key.length - 1 : key.length;
    if (length == 0) {
      throw new IOException(file + " is empty, so there is no key in it");
    }
    // The key factory takes characters; hexadecimal digits are the same whatever the bytes are.
    char[] digits = HexFormat.of().formatHex(Arrays.copyOf(key, length)).toCharArray();
    try {
      PBEKeySpec spec = new PBEKeySpec(digits, salt, ROUNDS, 256);
      return HexFormat.of()
          .formatHex(
              SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                  .generateSecret(spec)
                  .getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot hash: " + e.getMessage(), e);
    } finally {
      Arrays.fill(digits, '0');
    }
  }
}
