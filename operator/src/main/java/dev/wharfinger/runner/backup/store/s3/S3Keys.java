package dev.wharfinger.runner.backup.store.s3;

import dev.wharfinger.runner.backup.store.TargetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that requests are signed with. They come from the environment or from files and from
 * nowhere else: no service of a cloud is asked for any.
 *
 * @param id the access key
 * @param secret the secret key
 * @param token of a session; null for keys that last
 */
public record S3Keys(String id, String secret, @Nullable String token) {
  private static final String ID = "AWS_ACCESS_KEY_ID";
  private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
  private static final String TOKEN = "AWS_SESSION_TOKEN";
  private static final int DELETE = 0x7f;

  /** Where they are read anew for each request, so that new ones are taken in a long backup. */
  @FunctionalInterface
  public interface Source {
    /**
     * The keys as they are now.
     *
     * @throws TargetException {@code credentials-missing}
     */
    S3Keys read() throws TargetException;
  }

  /** Keys of the environment. */
  public static Source in(Map<String, String> environment) {
    return () -> of(environment.get(ID), environment.get(SECRET), environment.get(TOKEN), "");
  }

  /** Keys that are files of a directory, named as the variables are. */
  public static Source in(Path directory) {
    return () -> {
      try {
        return of(
            text(directory.resolve(ID)),
            text(directory.resolve(SECRET)),
            text(directory.resolve(TOKEN)),
            " in " + directory);
      } catch (TargetException e) {
        throw e;
      } catch (IOException e) {
        throw TargetException.refused(
            "credentials-missing",
            "a file of --credentials-dir cannot be read: "
                + e.getClass().getSimpleName()
                + " "
                + e.getMessage());
      }
    };
  }

  private static @Nullable String text(Path file) throws IOException {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static S3Keys of(
      @Nullable String id, @Nullable String secret, @Nullable String token, String where)
      throws TargetException {
    if (id == null || id.isBlank() || secret == null || secret.isBlank()) {
      throw TargetException.refused(
          "credentials-missing",
          "there is no %s and %s%s; set both in the environment, or name a directory with both as"
                  .formatted(ID, SECRET, where)
              + " files by --credentials-dir");
    }
    return new S3Keys(
        inHeader(ID, id, where),
        plain(SECRET, secret, where),
        token == null || token.isBlank() ? null : inHeader(TOKEN, token, where));
  }

  /**
   * What goes into a header: whoever finds a line break there repeats the whole value in the
   * complaint.
   */
  private static String inHeader(String name, String value, String where) throws TargetException {
    String text = plain(name, value, where);
    if (!text.chars().allMatch(c -> c > ' ' && c < DELETE)) {
      throw malformed(name, where);
    }
    return text;
  }

  private static String plain(String name, String value, String where) throws TargetException {
    String text = value.strip();
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw malformed(name, where);
    }
    return text;
  }

  private static TargetException malformed(String name, String where) {
    return TargetException.refused(
        "credentials-malformed",
        "%s%s has a line break or another character that no key has; give the key and nothing else"
            .formatted(name, where));
  }

  /** Without any of them. */
  @Override
  public String toString() {
    return "S3Keys";
  }
}
