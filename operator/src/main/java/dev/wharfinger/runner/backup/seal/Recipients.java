package dev.wharfinger.runner.backup.seal;

import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * Public keys that a set is encrypted to, in the format of <a href="https://age-encryption.org">age
 * </a>: any one of their private keys opens it. There may be none; then nothing is encrypted.
 */
public final class Recipients {
  private static final int MOST = 20;
  private final List<String> names;
  private final List<RecipientStanzaWriter> writers;

  private Recipients(List<String> names, List<RecipientStanzaWriter> writers) {
    this.names = names;
    this.writers = writers;
  }

  /**
   * Reads them.
   *
   * @param texts each {@code age1…}
   * @throws IllegalArgumentException where one cannot be used; the text is not repeated, for it may
   *     be the private key
   */
  public static Recipients of(List<String> texts) {
    List<String> names = texts.stream().distinct().sorted().toList();
    if (names.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " recipients");
    }
    List<RecipientStanzaWriter> writers = new ArrayList<>();
    for (String name : names) {
      try {
        writers.add(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(name));
      } catch (GeneralSecurityException | RuntimeException e) {
        throw new IllegalArgumentException(
            "a recipient is the public key that age-keygen prints: age1…", null);
      }
    }
    return new Recipients(names, writers);
  }

  /** Whether nothing is to be encrypted. */
  public boolean none() {
    return names.isEmpty();
  }

  /** The public keys, which tell which private key opens the set. */
  public List<String> names() {
    return names;
  }

  /** What goes after the name of an object. */
  public String ending() {
    return none() ? "" : ".age";
  }

  /**
   * Encrypts what is written.
   *
   * @param out gets the encrypted bytes; not closed
   */
  public OutputStream seal(OutputStream out) throws IOException {
    Unclosed unclosed = new Unclosed(out);
    if (none()) {
      return unclosed;
    }
    try {
      return Channels.newOutputStream(
          new StandardEncryptingChannelFactory()
              .newEncryptingChannel(Channels.newChannel(unclosed), writers));
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot encrypt: " + e.getMessage(), e);
    }
  }

  /** Passes everything on but the end. */
  private static final class Unclosed extends java.io.FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
