package dev.wharfinger.runner.schema;

import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.sqlite.Snapshot;
import dev.wharfinger.runner.transfer.sqlite.SnapshotDirectory;
import dev.wharfinger.runner.transfer.sqlite.SourceDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Objects;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/**
 * A checked copy of a SQLite file beside it, complete under its name or not there. Unlike a
 * snapshot it stays: it is what a person restores.
 *
 * @param file the copy
 * @param sha256 64 hexadecimal digits
 * @param fresh whether it was made now; else an earlier try made it, before that changed anything
 */
public record FileCopy(Path file, String sha256, boolean fresh) {

  /**
   * Makes the copy with SQLite's backup interface, while others read and write the database.
   *
   * @param source the database
   * @param copy where to, on the same volume; a file of that name is the copy of an earlier try
   * @throws SchemaException where there is no room, or the copy is not sound
   */
  public static FileCopy make(Path source, Path copy) throws SQLException, IOException {
    if (Files.exists(copy)) {
      check(copy);
      return new FileCopy(copy, sha256(copy), false);
    }
    long bytes = Snapshot.bytes(source);
    if (bytes > SnapshotDirectory.usable(directory(copy))) {
      throw SchemaException.lasting(
          "no-room-for-copy",
          "the volume has no room for a copy of "
              + source.getFileName()
              + " ("
              + bytes
              + " bytes): let it grow, or say backupFirst: false; nothing was changed");
    }
    Path partial = copy.resolveSibling("." + copy.getFileName() + ".partial");
    delete(partial);
    try {
      Files.createFile(partial);
      Files.setPosixFilePermissions(partial, Files.getPosixFilePermissions(source));
      backup(source, partial);
      check(partial);
      sync(partial);
      Failpoint.at("schema-copy-made");
      String sha256 = sha256(partial);
      Files.move(partial, copy, StandardCopyOption.ATOMIC_MOVE);
      sync(directory(copy));
      Failpoint.at("schema-copy-named");
      return new FileCopy(copy, sha256, true);
    } catch (SQLException | IOException | RuntimeException e) {
      delete(partial);
      throw e;
    }
  }

  private static Path directory(Path copy) {
    return Objects.requireNonNull(copy.toAbsolutePath().getParent());
  }

  private static void backup(Path source, Path partial) throws SQLException {
    try (Connection reader = open(source)) {
      int code =
          ((SQLiteConnection) reader)
              .getDatabase()
              .backup(
                  "main",
                  SourceDatabase.uri(partial),
                  (left, all) -> Failpoint.at("during-schema-copy"));
      if (code != 0) {
        throw DB.newSQLException(code, "the copy failed");
      }
    }
    try (Connection copy = open(partial);
        Statement statement = copy.createStatement()) {
      // No log and no shared memory beside the copy.
      statement.execute("PRAGMA journal_mode=DELETE");
    }
  }

  private static void check(Path copy) throws SQLException {
    try (Connection connection = open(copy);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA quick_check(1)")) {
      String said = rows.next() ? rows.getString(1) : "nothing";
      if (!"ok".equals(said)) {
        throw SchemaException.lasting(
            "copy-damaged",
            "a copy of the database is not sound, so the database may not be either: "
                + said
                + "; nothing was changed");
      }
    }
  }

  private static Connection open(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + SourceDatabase.uri(file));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=30000");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  static String sha256(Path file) throws IOException {
    MessageDigest digest = MigrationFiles.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void delete(Path partial) throws IOException {
    for (String ending : new String[] {"", "-journal", "-wal", "-shm"}) {
      Files.deleteIfExists(Path.of(partial + ending));
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
