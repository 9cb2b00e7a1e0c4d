package dev.wharfinger.runner.backup;

import dev.wharfinger.runner.backup.seal.Identities;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** What an object holds, decrypted and decompressed; hashed again on its way. */
public final class ObjectInput extends FilterInputStream {
  private static final int BUFFER = 1 << 16;
  private final SetObject object;
  private final Digests digests;
  private final InputStream stored;

  private ObjectInput(SetObject object, Digests digests, InputStream stored, InputStream content) {
    super(content);
    this.object = object;
    this.digests = digests;
    this.stored = stored;
  }

  static ObjectInput open(
      InputStream raw, SetObject object, Identities identities, List<String> recipients)
      throws IOException, BackupException {
    Digests digests = new Digests();
    InputStream stored = digests.reading(raw);
    try {
      InputStream opened = identities.open(stored, recipients);
      boolean compressed = object.name().contains(".gz");
      return new ObjectInput(
          object, digests, stored, compressed ? new GZIPInputStream(opened, BUFFER) : opened);
    } catch (IOException | BackupException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /**
   * Reads what is left and tells whether it was all as the manifest says.
   *
   * @throws BackupException {@code set-damaged}
   */
  public void finish() throws IOException, BackupException {
    stored.transferTo(OutputStream.nullOutputStream());
    if (digests.bytes() != object.bytes() || !digests.hex().equals(object.sha256())) {
      throw BackupException.refused(
          "set-damaged", object.name() + " changed between two times it was read");
    }
  }

  @Override
  public void close() throws IOException {
    // The decrypting stream may not pass it on.
    try (InputStream last = stored) {
      super.close();
    }
  }
}
