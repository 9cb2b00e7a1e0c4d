package dev.wharfinger.operator.status;

import dev.wharfinger.operator.model.PercentEncoding;
import java.util.Collection;
import java.util.regex.Pattern;

/** What other programs say, without passwords: some repeat their URL, some a part of it. */
public final class Scrubbed {
  /** Shorter ones are in every text, and no secret. */
  private static final int SHORTEST = 3;

  private static final Pattern IN_URL = Pattern.compile("(://[^\\s/@:]*):[^\\s@]*@");
  private static final Pattern PARAMETER =
      Pattern.compile("(?i)(password\\s*[=:]\\s*)('(?:[^'\\\\]|\\\\.)*'|[^\\s&,;]+)");

  private Scrubbed() {}

  /**
   * The text without what looks like a password, and without known ones.
   *
   * @param secrets values that must not be in it, as they are and percent-encoded
   */
  public static String of(String text, Collection<String> secrets) {
    String scrubbed = text;
    for (String secret : secrets) {
      if (secret.length() >= SHORTEST) {
        scrubbed = scrubbed.replace(secret, "***").replace(PercentEncoding.encode(secret), "***");
      }
    }
    scrubbed = IN_URL.matcher(scrubbed).replaceAll("$1:***@");
    return PARAMETER.matcher(scrubbed).replaceAll("$1***");
  }
}
