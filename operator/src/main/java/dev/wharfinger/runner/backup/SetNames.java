package dev.wharfinger.runner.backup;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of sets and of the objects in them. */
public final class SetNames {
  /** Above all sets. */
  public static final String SETS = "sets/";

  /** Written last; without it there is no set. */
  public static final String MANIFEST = "manifest.json";

  /** The hashes of everything else and of the manifest, as {@code sha256sum} reads them. */
  public static final String SUMS = "SHA256SUMS";

  /** What is in the set, a line for each thing; encrypted where the set is. */
  public static final String CATALOGUE = "catalogue.jsonl.gz";

  /** How to restore by hand. */
  public static final String RESTORE = "RESTORE.md";

  /** There from the beginning until the manifest is. */
  public static final String UNFINISHED = "unfinished.json";

  /** There while the set is being deleted; the last object of it that goes. */
  public static final String DELETING = "deleting.json";

  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SetNames() {}

  /** Whether a set can be called that. */
  public static boolean valid(String id) {
    return ID.matcher(id).matches();
  }

  /** A name for a set made by hand. */
  public static String fresh(Instant now) {
    return "%s-%08x".formatted(TIME.format(now), new SecureRandom().nextInt());
  }

  /** The key of an object of a set. */
  public static String key(String id, String name) {
    return prefix(id) + name;
  }

  /** What the keys of a set begin with. */
  public static String prefix(String id) {
    return SETS + id + "/";
  }
}
