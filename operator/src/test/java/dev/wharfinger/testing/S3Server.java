package dev.wharfinger.testing;

import dev.wharfinger.runner.backup.store.s3.S3Keys;
import dev.wharfinger.runner.backup.store.s3.S3Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A real S3 server on the loopback interface, {@code versitygw} of the PATH. A bucket is a folder
 * of {@link #data} and an object a file in it.
 */
public final class S3Server implements AutoCloseable {
  /** Who may do everything. */
  public static final S3Keys ADMIN = new S3Keys("admin", "admin-secret-4711", null);

  /** Who may do what a bucket's policy says. */
  public static final S3Keys GUEST = new S3Keys("guest", "guest-secret-4711", null);

  private final Path directory;
  private final int port = Programs.freePort();
  private final String scheme;
  private final Process process;

  private S3Server(Path directory, List<String> options) throws IOException {
    this.directory = directory;
    this.scheme = options.contains("--cert") ? "https" : "http";
    Files.createDirectory(data());
    Files.createDirectory(directory.resolve("accounts"));
    Files.writeString(
        directory.resolve("accounts/users.json"),
        """
        {"accessAccounts": {"%s": {"access": "%s", "secret": "%s", "role": "user"}}}
        """
            .formatted(GUEST.id(), GUEST.id(), GUEST.secret()));
    List<String> command =
        new ArrayList<>(
            List.of(
                "versitygw",
                "--port",
                "127.0.0.1:" + port,
                "--iam-dir",
                directory.resolve("accounts").toString(),
                "--iam-cache-disable",
                "--quiet"));
    command.addAll(options);
    command.addAll(List.of("posix", data().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile());
    builder.environment().put("ROOT_ACCESS_KEY", ADMIN.id());
    builder.environment().put("ROOT_SECRET_KEY", ADMIN.secret());
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * Starts one and waits until it takes connections.
   *
   * @param options of the program, {@code --cert} for example
   */
  public static S3Server start(String... options) throws Exception {
    S3Server server = new S3Server(Files.createTempDirectory("wharfinger-s3"), List.of(options));
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> {
            if (!server.process.isAlive()) {
              throw new IllegalStateException(Files.readString(server.directory.resolve("out")));
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
              return socket.isConnected();
            }
          });
      return server;
    } catch (Exception | Error e) {
      server.close();
      throw e;
    }
  }

  /** What its buckets are in. */
  public Path data() {
    return directory.resolve("data");
  }

  public int port() {
    return port;
  }

  /** {@code http://127.0.0.1:port}. */
  public String endpoint() {
    return scheme + "://127.0.0.1:" + port;
  }

  /** Makes a bucket; gives its folder. */
  public Path bucket(String name) throws IOException {
    return Files.createDirectory(data().resolve(name));
  }

  /** How it is reached. */
  public S3Settings settings() {
    return settings(endpoint(), ADMIN);
  }

  /** How it is reached by another way, or by somebody else; parts are as small as they may be. */
  public static S3Settings settings(String endpoint, S3Keys keys) {
    return new S3Settings(
        URI.create(endpoint), "us-east-1", true, null, () -> keys, S3Settings.LEAST_PART);
  }

  /** Writes keys as a mounted Secret has them. */
  public static Path write(Path directory, S3Keys keys) throws IOException {
    Files.createDirectories(directory);
    for (var key :
        Map.of("AWS_ACCESS_KEY_ID", keys.id(), "AWS_SECRET_ACCESS_KEY", keys.secret()).entrySet()) {
      Files.writeString(directory.resolve(key.getKey()), key.getValue() + "\n");
    }
    if (keys.token() != null) {
      Files.writeString(directory.resolve("AWS_SESSION_TOKEN"), keys.token());
    }
    return directory;
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor();
    Programs.execute(List.of("rm", "-rf", directory.toString()));
  }
}
