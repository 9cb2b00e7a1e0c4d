package dev.wharfinger.testing;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A real PostgreSQL on the loopback interface, from the installed binaries, with its data in a
 * temporary directory. Has a role {@code app} without special rights.
 */
public final class PostgresServer implements AutoCloseable {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private final Path binaries;
  private final Path directory;
  private final int port;
  private final Process process;

  private PostgresServer(Path binaries, Path directory, int port, Process process) {
    this.binaries = binaries;
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /** Starts the newest installed version and waits until it answers. */
  public static PostgresServer start() throws Exception {
    Path binaries = binaries();
    Path directory = Files.createTempDirectory("wharfinger-postgres");
    if (root()) {
      execute(List.of("chown", "postgres", directory.toString()));
    }
    String data = directory.resolve("data").toString();
    execute(
        as(
            binaries.resolve("initdb").toString(),
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync"));
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                as(
                    binaries.resolve("postgres").toString(),
                    "-D",
                    data,
                    "-p",
                    "" + port,
                    "-k",
                    directory.toString(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "fsync=off"))
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    PostgresServer server = new PostgresServer(binaries, directory, port, process);
    // Ended with this JVM at the latest, however that ends short of a kill.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    try {
      server.awaitReady();
    } catch (Exception | Error e) {
      server.close();
      throw e;
    }
    return server;
  }

  private void awaitReady() throws SQLException {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("the server ended with " + process.exitValue());
          }
          admin("postgres", "SELECT 1");
          return true;
        });
    admin("postgres", "CREATE ROLE app LOGIN PASSWORD 'secret'");
  }

  private static Path binaries() throws IOException {
    try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
          .max(Comparator.comparingInt(path -> Integer.parseInt(path.getFileName().toString())))
          .orElseThrow(() -> new IOException("no PostgreSQL server is installed"))
          .resolve("bin");
    }
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** PostgreSQL refuses to run as root. */
  private static List<String> as(String... command) {
    List<String> all = new ArrayList<>();
    if (root()) {
      all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private static String execute(List<String> command) throws Exception {
    Path output = Files.createTempFile("wharfinger", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int code = process.waitFor();
      String text = Files.readString(output);
      if (code != 0) {
        throw new IOException(command.getFirst() + " ended with " + code + ": " + text);
      }
      return text;
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** Makes a database that the role {@code app} owns and returns its name. */
  public String newDatabase() throws SQLException {
    String name = "test" + DATABASES.incrementAndGet();
    admin("postgres", "CREATE DATABASE " + name + " OWNER app");
    return name;
  }

  /** Runs a statement as superuser. */
  public void admin(String database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbc(database) + "?user=postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String jdbc(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** A connection of the role {@code app}. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbc(database) + "?user=app&password=secret");
  }

  /** {@code postgresql://app:secret@127.0.0.1:port/database}. */
  public String url(String database) {
    return "postgresql://app:secret@127.0.0.1:" + port + "/" + database;
  }

  /** Schema and data of a database as SQL, without the schema of the markers. */
  public String dump(String database) throws Exception {
    return execute(
            List.of(
                binaries.resolve("pg_dump").toString(),
                "-h",
                "127.0.0.1",
                "-p",
                "" + port,
                "-U",
                "postgres",
                "-N",
                "wharfinger",
                database))
        .lines()
        // Newer versions guard their output with a random word.
        .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
        .reduce("", (a, b) -> a + b + "\n");
  }

  @Override
  public void close() throws Exception {
    // SIGINT is PostgreSQL's fast shutdown: sessions end, data are written.
    execute(List.of("kill", "-INT", Long.toString(process.pid())));
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    execute(List.of("rm", "-rf", directory.toString()));
  }
}
