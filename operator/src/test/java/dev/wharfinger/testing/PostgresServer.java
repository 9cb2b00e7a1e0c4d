package dev.wharfinger.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL on the loopback interface, from the installed binaries, with its data in a
 * temporary directory. Has a role {@code app} without special rights.
 */
public final class PostgresServer implements AutoCloseable {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private final Path binaries = Programs.binaries();
  private final Path directory;
  private final int port = Programs.freePort();
  private @Nullable Process process;

  private PostgresServer(Path directory) throws IOException {
    this.directory = directory;
  }

  /** Starts the newest installed version and waits until it answers. */
  public static PostgresServer start() throws Exception {
    return start(Files.createTempDirectory("wharfinger-postgres"));
  }

  /**
   * Starts one with its data below {@code directory}, which is deleted at the end.
   *
   * @param initdb more options of {@code initdb}
   */
  public static PostgresServer start(Path directory, String... initdb) throws Exception {
    PostgresServer server = new PostgresServer(directory);
    // Ended with this JVM at the latest, however that ends short of a kill.
    Runtime.getRuntime().addShutdownHook(new Thread(server::kill));
    try {
      server.make(initdb);
      server.run();
      server.admin("postgres", "CREATE ROLE app LOGIN PASSWORD 'secret'");
      return server;
    } catch (Exception | Error e) {
      server.close();
      throw e;
    }
  }

  private void make(String... options) throws Exception {
    Programs.giveToPostgres(directory);
    List<String> command =
        Programs.as(
            binaries.resolve("initdb").toString(),
            "-D",
            directory.resolve("data").toString(),
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync");
    command.addAll(List.of(options));
    Programs.execute(command);
  }

  /**
   * Runs it on the data that are there, after {@link #kill} for example, and waits until it
   * answers.
   *
   * @param settings each {@code name=value}
   */
  public void run(String... settings) throws Exception {
    List<String> command =
        Programs.as(
            binaries.resolve("postgres").toString(),
            "-D",
            directory.resolve("data").toString(),
            "-p",
            "" + port,
            "-k",
            directory.toString(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off");
    for (String setting : settings) {
      command.addAll(List.of("-c", setting));
    }
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    awaitReady();
  }

  /** SIGKILL for the server and all its sessions. */
  public final void kill() {
    Process server = process;
    if (server != null) {
      List<ProcessHandle> all = server.descendants().toList();
      server.destroyForcibly();
      all.forEach(ProcessHandle::destroyForcibly);
      server.onExit().join();
      // They are the system's children now, and some systems are slow to forget the dead.
      all.forEach(one -> one.onExit().completeOnTimeout(one, 2, TimeUnit.SECONDS).join());
    }
  }

  /** Waits until it takes connections, however often it refuses before. */
  public final void awaitReady() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> {
          if (!Objects.requireNonNull(process).isAlive()) {
            throw new IllegalStateException("the server ended with " + process.exitValue());
          }
          admin("postgres", "SELECT 1");
          return true;
        });
  }

  /** Makes a database that the role {@code app} owns and returns its name. */
  public String newDatabase() throws SQLException {
    return newDatabase("template1");
  }

  /** Makes one that is a copy of another, to which nobody is connected. */
  public String newDatabase(String template) throws SQLException {
    String name = "test" + DATABASES.incrementAndGet();
    admin("postgres", "CREATE DATABASE " + name + " TEMPLATE " + template + " OWNER app");
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

  public int port() {
    return port;
  }

  /** From now on these are the lines of {@code pg_hba.conf}, after one for {@code postgres}. */
  public void letIn(String rules) throws Exception {
    Files.writeString(
        directory.resolve("data").resolve("pg_hba.conf"),
        "host all postgres 127.0.0.1/32 trust\n" + rules);
    String before = loaded();
    admin("postgres", "SELECT pg_reload_conf()");
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !before.equals(loaded()));
  }

  private String loaded() throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbc("postgres") + "?user=postgres");
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT pg_conf_load_time()")) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Runs it as a standby that only reads. */
  public void runAsStandby() throws Exception {
    kill();
    Programs.execute(
        Programs.as("touch", directory.resolve("data").resolve("standby.signal").toString()));
    run();
  }

  /** It takes nobody in any more, and ends when the last session has. */
  public void stopOnceAllHaveLeft() throws Exception {
    Programs.execute(
        List.of("kill", "-TERM", Long.toString(Objects.requireNonNull(process).pid())));
  }

  /** Where its files are. */
  public Path directory() {
    return directory;
  }

  /** From now on a role but {@code postgres} needs its password. */
  public void demandPasswords() throws Exception {
    Path rules = directory.resolve("data").resolve("pg_hba.conf");
    Files.writeString(
        rules,
        """
        host all postgres 127.0.0.1/32 trust
        host all all 127.0.0.1/32 scram-sha-256
        """);
    admin("postgres", "SELECT pg_reload_conf()");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> {
          try (Connection connection =
              DriverManager.getConnection(jdbc("postgres") + "?user=app&password=wrong")) {
            return false;
          } catch (SQLException e) {
            return "28P01".equals(e.getSQLState());
          }
        });
  }

  /** What psql prints for a statement. */
  public String psql(Map<String, String> environment, String conninfo, String sql)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("env"));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(
        List.of(binaries.resolve("psql").toString(), "-XAtw", "-d", conninfo, "-c", sql));
    return Programs.execute(command);
  }

  /** {@code postgresql://app:secret@127.0.0.1:port/database}. */
  public String url(String database) {
    return "postgresql://app:secret@127.0.0.1:" + port + "/" + database;
  }

  /** Schema and data of a database as SQL, without the schema of the markers. */
  public String dump(String database) throws Exception {
    return Programs.execute(
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
    Process server = process;
    if (server != null && server.isAlive()) {
      // SIGINT is PostgreSQL's fast shutdown: sessions end, data are written.
      Programs.execute(List.of("kill", "-INT", Long.toString(server.pid())));
      server.waitFor(30, TimeUnit.SECONDS);
    }
    kill();
    Programs.execute(List.of("rm", "-rf", directory.toString()));
  }
}
