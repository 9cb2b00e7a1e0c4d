package dev.wharfinger.runner;

import dev.wharfinger.runner.backup.Staging;
import dev.wharfinger.runner.failpoint.Failpoint;
import dev.wharfinger.runner.transfer.sqlite.Surroundings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * {@code init-sqlite}: makes the declared database files. A file that exists is never touched; a
 * new one appears under its name only when it is complete and on disk.
 */
final class InitSqlite implements Command {
  /** Tells of a directory whether it is on a network file system. */
  interface NetworkQuestion {
    boolean onNetwork(Path directory) throws IOException;
  }

  private final NetworkQuestion question;

  InitSqlite() {
    this(Surroundings::onNetwork);
  }

  InitSqlite(NetworkQuestion question) {
    this.question = question;
  }

  @Override
  public int run(Options options) throws SQLException, IOException {
    Path directory = Path.of(options.required("--directory"));
    String journalMode = options.optional("--journal-mode").orElse("WAL");
    if (!journalMode.equals("WAL") && !journalMode.equals("DELETE")) {
      throw new UsageException("--journal-mode is WAL or DELETE");
    }
    Surroundings.strays(directory)
        .forEach((name, why) -> System.err.println("beside the databases: " + name + ", " + why));
    for (String required : options.all("--require")) {
      if (!Files.exists(directory.resolve(required))) {
        System.err.println(
            directory.resolve(required)
                + " is missing, and it held data; nothing was made; "
                + Surroundings.seen(directory));
        return ExitCode.REFUSED;
      }
    }
    if (missing(options, directory) && Staging.begun(directory)) {
      System.err.println(
          directory
              + " was to be filled from a backup set, and that was not done to its end; nothing was made;"
              + " restore into a new volume");
      return ExitCode.REFUSED;
    }
    if (missing(options, directory) && question.onNetwork(directory)) {
      String type = Files.getFileStore(directory).type();
      if (journalMode.equals("WAL")) {
        System.err.println(
            directory
                + " is a network file system ("
                + type
                + "), on which journal mode WAL is not safe; nothing was made");
        return ExitCode.NETWORK_FILE_SYSTEM;
      }
      System.err.println(
          directory + " is a network file system (" + type + "); its locks may not be reliable");
    }
    for (String name : options.all("--database")) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        System.err.println(file + " exists and is left alone");
      } else {
        create(directory, name, journalMode);
        System.err.println(file + " made, journal mode " + journalMode);
      }
    }
    return ExitCode.DONE;
  }

  private static boolean missing(Options options, Path directory) {
    return options.all("--database").stream()
        .anyMatch(name -> !Files.exists(directory.resolve(name)));
  }

  private static void create(Path directory, String name, String journalMode)
      throws SQLException, IOException {
    Path partial = directory.resolve("." + name + ".partial");
    Files.deleteIfExists(partial);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + partial);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + journalMode);
      Failpoint.at("file-begun");
      // The header page, and with it the journal mode, is written with the first change.
      statement.execute("PRAGMA user_version=1");
      statement.execute("PRAGMA user_version=0");
    }
    Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rw-rw----"));
    sync(partial);
    Failpoint.at("file-made");
    Files.move(partial, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    Failpoint.at("file-named");
    sync(directory);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
