package dev.wharfinger.runner.backup;

import dev.wharfinger.runner.backup.seal.Recipients;
import dev.wharfinger.runner.backup.store.ObjectWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** What is written here is compressed, encrypted, hashed and stored, in this order. */
public final class ObjectOutput extends OutputStream {
  private static final int BUFFER = 1 << 16;
  private final String name;
  private final ObjectWriter writer;
  private final Digests stored = new Digests();
  private final OutputStream top;

  private ObjectOutput(String name, ObjectWriter writer, Recipients recipients, boolean compressed)
      throws IOException {
    this.name = name;
    this.writer = writer;
    OutputStream counted =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            writer.write(bytes, from, length);
            stored.add(bytes, from, length);
          }
        };
    OutputStream sealed = recipients.seal(counted);
    this.top = compressed ? new GZIPOutputStream(sealed, BUFFER) : sealed;
  }

  /** Compressed, and encrypted where there are recipients. */
  static ObjectOutput packed(String name, ObjectWriter writer, Recipients recipients)
      throws IOException {
    return new ObjectOutput(name, writer, recipients, true);
  }

  /** Encrypted where there are recipients; for what is compressed already. */
  static ObjectOutput sealed(String name, ObjectWriter writer, Recipients recipients)
      throws IOException {
    return new ObjectOutput(name, writer, recipients, false);
  }

  /** As it is, for people to read. */
  static ObjectOutput plain(String name, ObjectWriter writer) throws IOException {
    return new ObjectOutput(name, writer, Recipients.of(java.util.List.of()), false);
  }

  @Override
  public void write(int one) throws IOException {
    top.write(one);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    top.write(bytes, from, length);
  }

  String name() {
    return name;
  }

  /** Ends the object and makes it appear; called by {@link SetWriter}. */
  SetObject finish() throws IOException {
    top.close();
    writer.commit();
    return new SetObject(name, stored.bytes(), stored.hex());
  }

  /** Without {@link #finish} nothing is left. */
  @Override
  public void close() throws IOException {
    writer.close();
  }
}
