package dev.wharfinger.runner.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.operator.tls.ServerCertificate;
import dev.wharfinger.runner.CommandLine;
import dev.wharfinger.runner.backup.store.s3.S3Keys;
import dev.wharfinger.testing.FaultyLine;
import dev.wharfinger.testing.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a bucket cannot be used: each cause has a reason, and the keys are never in what is said. */
class S3ReasonsIT {
  private static final String BUCKET = "backups";

  /** Too long for the DNS, so nobody is asked. */
  private static final String NAME_OF_NOBODY = "x".repeat(64) + ".invalid";

  private static S3Server server;
  @TempDir private Path root;
  private BackupRig rig;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start();
    server.bucket(BUCKET);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void makeRig() throws Exception {
    rig = new BackupRig(root).database("app.db", 10);
  }

  private String keys(S3Keys keys) throws Exception {
    return S3Server.write(Files.createTempDirectory(root, "keys"), keys).toString();
  }

  private static List<String> list(String bucket, String endpoint, String keys, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "list",
                "--from",
                "s3://" + bucket,
                "--endpoint",
                endpoint,
                "--credentials-dir",
                keys));
    args.addAll(List.of(more));
    return args;
  }

  private void assertReason(String reason, int code, List<String> args) throws Exception {
    BackupRig.Run run = rig.run(args);
    assertThat(run.reason()).as("%s", run).isEqualTo(reason);
    assertThat(run.code()).as("%s", run).isEqualTo(code);
    assertThat(run.report().toString())
        .doesNotContain(S3Server.ADMIN.secret(), S3Server.GUEST.secret());
  }

  @Test
  void aStoreThatIsNotReachedIsAFailureAndNotAnEmptyOne() throws Exception {
    String keys = keys(S3Server.ADMIN);
    assertReason("target-unreachable", 1, list(BUCKET, "http://" + nobody(), keys));
    assertReason("target-name-unknown", 1, list(BUCKET, "http://" + NAME_OF_NOBODY, keys));
    assertReason("tls-failed", 2, list(BUCKET, server.endpoint().replace("http", "https"), keys));
    assertReason("bucket-missing", 2, list("no-such-bucket", server.endpoint(), keys));
  }

  private static String nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  @Test
  void theProxyThatIsMeantForTheStoreIsAsked() throws Exception {
    String proxy = "http://" + nobody();
    String asked = "(target-unreachable)";
    String notAsked = "(target-name-unknown)";
    assertThat(through(Map.of("HTTPS_PROXY", proxy), "https")).contains(asked);
    assertThat(through(Map.of("HTTPS_PROXY", proxy, "NO_PROXY", "a,.invalid"), "https"))
        .contains(notAsked);
    assertThat(through(Map.of("HTTPS_PROXY", proxy), "http")).contains(notAsked);
    assertThat(through(Map.of("HTTP_PROXY", proxy), "http")).contains(asked);
    assertThat(through(Map.of("HTTP_PROXY", proxy), "https")).contains(notAsked);
  }

  /** What is said about a store whose name only a proxy could know. */
  private String through(Map<String, String> variables, String scheme) throws Exception {
    List<String> args = list(BUCKET, scheme + "://" + NAME_OF_NOBODY, keys(S3Server.ADMIN));
    assertThat(CommandLine.process(root, List.of(), variables, args)).isEqualTo(1);
    return Files.readString(root.resolve("out"));
  }

  @Test
  void keysThatAreNotTakenAreNamedAndNotShown() throws Exception {
    String endpoint = server.endpoint();
    assertReason(
        "credentials-missing",
        2,
        list(BUCKET, endpoint, Files.createDirectory(root.resolve("none")).toString()));
    assertReason(
        "credentials-refused",
        2,
        list(BUCKET, endpoint, keys(new S3Keys("nobody", S3Server.ADMIN.secret(), null))));
    assertReason(
        "credentials-refused",
        2,
        list(BUCKET, endpoint, keys(new S3Keys(S3Server.ADMIN.id(), "wrong-secret", null))));
    List<String> forbidden = list(BUCKET, endpoint, keys(S3Server.GUEST));
    assertReason("access-denied", 2, forbidden);
    assertThat(rig.run(forbidden).report().path("message").asText())
        .contains("s3:ListBucket", "AccessDenied");
    assertReason(
        "region-wrong",
        2,
        list(BUCKET, endpoint, keys(S3Server.ADMIN), "--region", "eu-elsewhere-1"));
  }

  @Test
  void aKeyWithALineBreakInsideIsInNoReport() throws Exception {
    for (S3Keys keys :
        List.of(
            new S3Keys("broken\nid", S3Server.ADMIN.secret(), null),
            new S3Keys(S3Server.ADMIN.id(), "broken\nsecret", null),
            new S3Keys(S3Server.ADMIN.id(), S3Server.ADMIN.secret(), "broken\ntoken"))) {
      BackupRig.Run run = rig.run(list(BUCKET, server.endpoint(), keys(keys)));

      assertThat(run.reason()).as("%s", run).isEqualTo("credentials-malformed");
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.report().toString()).doesNotContain("broken");
    }
  }

  @Test
  void keysThatChangeAreTakenWithTheNextCommand() throws Exception {
    Path keys = S3Server.write(root.resolve("mounted"), new S3Keys("admin", "old-secret", null));
    List<String> args = list(BUCKET, server.endpoint(), keys.toString());
    assertReason("credentials-refused", 2, args);

    S3Server.write(keys, S3Server.ADMIN);

    assertThat(rig.run(args).code()).isZero();
  }

  @Test
  void aClockThatDiffersIsNamed() throws Exception {
    try (FaultyLine line =
        new FaultyLine(
            server.port(),
            request ->
                new FaultyLine.Answered(
                    403, "application/xml", "<Error><Code>RequestTimeTooSkewed</Code></Error>"))) {
      assertReason("clock-skewed", 2, list(BUCKET, line.endpoint(), keys(S3Server.ADMIN)));
    }
  }

  @Test
  void aCertificateIsBelievedOnlyFromWhomItIsSaid() throws Exception {
    Instant now = Instant.now();
    Authorities authority = new Authorities(Authority.make(now.minus(Duration.ofDays(200))), null);
    Path ca = Files.writeString(root.resolve("ca.crt"), authority.bundle());
    String keys = keys(S3Server.ADMIN);
    ServerCertificate good = authority.current().issue(List.of("localhost"), now);
    try (S3Server secure = secure(good)) {
      secure.bucket(BUCKET);
      String here = "https://localhost:" + secure.port();

      assertReason("tls-unknown-authority", 2, list(BUCKET, here, keys));
      assertReason(
          "tls-wrong-host", 2, list(BUCKET, secure.endpoint(), keys, "--ca-file", ca.toString()));
      assertReason(
          "ca-file-unreadable",
          2,
          list(BUCKET, here, keys, "--ca-file", root.resolve("gone").toString()));
      assertThat(rig.run(list(BUCKET, here, keys, "--ca-file", ca.toString())).code()).isZero();
    }
    try (S3Server old =
        secure(authority.current().issue(List.of("localhost"), now.minus(Duration.ofDays(91))))) {
      assertReason(
          "tls-expired",
          2,
          list(BUCKET, "https://localhost:" + old.port(), keys, "--ca-file", ca.toString()));
    }
  }

  private S3Server secure(ServerCertificate certificate) throws Exception {
    Path directory = Files.createTempDirectory(root, "tls");
    return S3Server.start(
        "--cert",
        Files.writeString(directory.resolve("tls.crt"), certificate.certificates()).toString(),
        "--key",
        Files.writeString(directory.resolve("tls.key"), certificate.keyText()).toString());
  }

  @Test
  void keysOfTheEnvironmentAreTakenAndInNoLine() throws Exception {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID",
            S3Server.ADMIN.id(),
            "AWS_SECRET_ACCESS_KEY",
            S3Server.ADMIN.secret(),
            "AWS_ENDPOINT_URL",
            server.endpoint(),
            "WHARFINGER_LOG_LEVEL",
            "TRACE");

    assertThat(
            CommandLine.process(
                root, List.of(), environment, List.of("list", "--from", "s3://" + BUCKET)))
        .as(Files.readString(root.resolve("out")))
        .isZero();
    assertThat(root.resolve("out"))
        .content()
        .contains("0 sets in s3://" + BUCKET)
        .doesNotContain(S3Server.ADMIN.secret());
  }

  @Test
  void nothingOfTheClientIsLoadedForAFolder() throws Exception {
    rig.completed("one");

    assertThat(
            CommandLine.process(
                root, List.of("-Xlog:class+load"), Map.of(), List.of("list", "--from", rig.url())))
        .isZero();
    assertThat(root.resolve("out"))
        .content()
        .contains("dev.wharfinger.runner.RunnerMain", "Completed")
        .doesNotContain("software.amazon");
  }
}
