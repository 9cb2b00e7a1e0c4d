package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.testing.Certified;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A move to a server whose certificate is not to be believed moves nothing, and says which it is.
 */
class TransferTlsIT {
  @TempDir private Path scratch;

  private final Instant now = Instant.now();
  private final Authorities authority =
      new Authorities(Authority.make(now.minus(Duration.ofDays(200))), null);

  @Test
  void eachFaultOfACertificateIsARuleOfItsOwn() throws Exception {
    Path file = scratch.resolve("notes.db");
    try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = sqlite.createStatement()) {
      statement.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, what TEXT)");
      statement.execute("INSERT INTO note VALUES (1, 'anchor')");
    }
    byte[] before = Files.readAllBytes(file);
    Path ca = Files.writeString(scratch.resolve("ca.crt"), authority.bundle());
    Path others =
        Files.writeString(
            scratch.resolve("others.crt"), new Authorities(Authority.make(now), null).bundle());
    try (PostgresServer server = PostgresServer.start()) {
      server.kill();
      String url = Certified.show(server, authority.current().issue(List.of("localhost"), now));
      String here = url.replace("127.0.0.1", "localhost");

      assertThat(refusal(file, here, others)).isEqualTo("tls-unknown-authority");
      assertThat(refusal(file, url, ca)).isEqualTo("tls-wrong-host");
      server.kill();
      here =
          Certified.show(
                  server,
                  authority.current().issue(List.of("localhost"), now.minus(Duration.ofDays(91))))
              .replace("127.0.0.1", "localhost");
      assertThat(refusal(file, here, ca)).isEqualTo("tls-expired");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
  }

  private String refusal(Path file, String url, Path ca) throws Exception {
    Path report = scratch.resolve("report.json");
    int exit =
        new TransferCommand()
            .run(
                Options.parse(
                    List.of(
                        "--from",
                        "sqlite:///" + file,
                        "--to",
                        url.replace("//", "//app:secret@")
                            + "?sslmode=verify-full&sslrootcert="
                            + ca,
                        "--schema",
                        "derive",
                        "--report",
                        report.toString()),
                    TransferCommand.VALUED,
                    TransferCommand.FLAGS));
    assertThat(exit).isEqualTo(ExitCode.REFUSED);
    JsonNode findings = new ObjectMapper().readTree(report.toFile()).path("findings");
    assertThat(findings).hasSize(1);
    assertThat(findings.path(0).path("detail").asText()).contains("openssl s_client");
    return findings.path(0).path("rule").asText();
  }
}
