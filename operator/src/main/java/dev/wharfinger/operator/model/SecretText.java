package dev.wharfinger.operator.model;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The values of a Secret as text; the API carries them in base64. */
public final class SecretText {
  private SecretText() {}

  /**
   * The value of a key, or null where Secret or key is absent.
   *
   * @throws IllegalArgumentException where it is no base64, which the API server lets nobody write
   */
  public static @Nullable String of(@Nullable Secret secret, String key) {
    String value = secret == null || secret.getData() == null ? null : secret.getData().get(key);
    return value == null ? null : decode(value);
  }

  /** A value as the API carries it, as text. */
  public static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  /** Text as the API carries it. */
  public static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
