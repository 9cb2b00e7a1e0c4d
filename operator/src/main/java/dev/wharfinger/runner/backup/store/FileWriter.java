package dev.wharfinger.runner.backup.store;

import dev.wharfinger.runner.failpoint.Failpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** An object in a folder: a file of another name until it is complete and on disk. */
final class FileWriter extends ObjectWriter {
  private final String key;
  private final Path file;
  private final Path partial;
  private final FileChannel channel;
  private final OutputStream out;

  FileWriter(String key, Path file) throws IOException {
    this.key = key;
    this.file = file;
    this.partial =
        file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".partial");
    this.channel =
        FileChannel.open(
            partial,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            // A set in clear may hold keys that nobody else was allowed to read.
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    this.out = Channels.newOutputStream(channel);
  }

  @Override
  public void write(int one) throws IOException {
    out.write(one);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
  }

  @Override
  public void commit() throws IOException {
    channel.force(true);
    channel.close();
    Failpoint.at("object-written");
    try {
      // A rename would replace what is there; a second name is refused by the kernel.
      Files.createLink(file, partial);
    } catch (FileAlreadyExistsException e) {
      // A network file system may have lost the answer to a link that it made.
      if (!Files.isSameFile(file, partial)) {
        throw new ObjectExistsException(key);
      }
    } catch (UnsupportedOperationException e) {
      throw new IOException("this file system makes no hard links, which a target needs", e);
    }
    Files.deleteIfExists(partial);
    FolderStore.sync(file.resolveSibling("."));
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(partial);
  }
}
