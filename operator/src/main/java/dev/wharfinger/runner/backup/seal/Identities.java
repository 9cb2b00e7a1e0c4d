package dev.wharfinger.runner.backup.seal;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import dev.wharfinger.runner.backup.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** Private keys in the format of age, which open what was encrypted to their public keys. */
public final class Identities {
  private final List<RecipientStanzaReader> readers;

  private Identities(List<RecipientStanzaReader> readers) {
    this.readers = readers;
  }

  /**
   * Reads files as {@code age-keygen} writes them: comments, and lines of a private key.
   *
   * @throws IllegalArgumentException where a file has something else; its text is not repeated
   */
  public static Identities of(List<Path> files) throws IOException {
    List<RecipientStanzaReader> readers = new ArrayList<>();
    for (Path file : files) {
      int before = readers.size();
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          readers.add(reader(line.strip(), file));
        }
      }
      if (readers.size() == before) {
        throw new IllegalArgumentException("there is no private key in " + file);
      }
    }
    return new Identities(readers);
  }

  private static RecipientStanzaReader reader(String line, Path file) {
    try {
      return X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(line);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(
          file + " has a line that is no private key of age: AGE-SECRET-KEY-1…", null);
    }
  }

  /** Whether there are none. */
  public boolean none() {
    return readers.isEmpty();
  }

  /**
   * Decrypts.
   *
   * @param recipients the public keys that the set was encrypted to; without any it is in clear
   * @throws BackupException {@code key-missing} or {@code key-differs}
   * @throws IOException where the bytes are no such encryption
   */
  public InputStream open(InputStream in, List<String> recipients)
      throws IOException, BackupException {
    if (recipients.isEmpty()) {
      return in;
    }
    check(recipients);
    try {
      return Channels.newInputStream(
          new StandardDecryptingChannelFactory()
              .newDecryptingChannel(Channels.newChannel(in), readers));
    } catch (UnsupportedRecipientStanzaException e) {
      throw BackupException.refused(
          "key-differs",
          "none of the private keys given opens this set; it needs one of " + recipients);
    } catch (GeneralSecurityException e) {
      throw new IOException("this is not encrypted as it should be: " + e.getMessage(), e);
    }
  }

  /**
   * Whether there is any key where one is needed.
   *
   * @throws BackupException {@code key-missing}
   */
  public void check(List<String> recipients) throws BackupException {
    if (!recipients.isEmpty() && none()) {
      throw BackupException.refused(
          "key-missing",
          "this set is encrypted; give a private key of one of "
              + recipients
              + " with --identity-file");
    }
  }
}
