package dev.wharfinger.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wharfinger.operator.tls.Authorities;
import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.testing.Certified;
import dev.wharfinger.testing.ClientPair;
import dev.wharfinger.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PHX-14: a real server that lets in by certificates, and what the runner says of it. */
class ClientCertificateIT {
  private static final Authority AUTHORITY =
      Authority.make(Instant.now().minus(Duration.ofDays(200)));

  private static PostgresServer server;
  private static String url;
  @TempDir private Path scratch;

  private record Said(int exit, String code, String message) {}

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    server.kill();
    url =
        Certified.show(
                server,
                AUTHORITY.issue(List.of("localhost"), Instant.now()),
                new Authorities(AUTHORITY, null))
            .replace("127.0.0.1", "localhost");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** A password alone is not enough. */
  @BeforeEach
  void demandBoth() throws Exception {
    server.letIn("hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-full\n");
  }

  /** The probe, and what the other Jobs connect by. */
  @ParameterizedTest
  @CsvSource({"RSA, false", "RSA, true", "EC, false", "EC, true", "Ed25519, false"})
  void PHX_14_aKeyOfAnyFormLetsIn(String algorithm, boolean old) throws Exception {
    ClientPair pair = ClientPair.of(AUTHORITY, "app", algorithm, Instant.now());
    String shown = shown(pair.certificateText(), old ? pair.oldKeyText() : pair.keyText());

    assertThat(probe(shown, "secret")).returns("reachable", Said::code);
    assertThat(
            MigrateSchema.database(shown, Map.of("PGUSER", "app", "PGPASSWORD", "secret"))
                .revisions())
        .isNotNull();
  }

  @Test
  void PHX_14_theCertificateAloneIsEnoughWhereTheServerSaysSo() throws Exception {
    server.letIn("hostssl all all 127.0.0.1/32 cert\n");
    ClientPair pair = ClientPair.of(AUTHORITY, "app", "EC", Instant.now());
    String shown = shown(pair.certificateText(), pair.keyText());

    assertThat(probe(shown, Map.of("PGUSER", "app"))).returns("reachable", Said::code);
  }

  @Test
  void whoShowsNoneIsToldWhatIsMissing() throws Exception {
    Said said = probe(url + "?sslmode=require", "secret");

    assertThat(said.code).isEqualTo("tls-client-refused");
    assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
    assertThat(said.message).contains("say postgresql.external.clientCertificateSecretRef");
  }

  /** The server says no more of it than of a wrong password. */
  @Test
  void anotherRolesCertificateDoesNotLetIn() throws Exception {
    ClientPair pair = ClientPair.of(AUTHORITY, "somebody", "EC", Instant.now());
    String shown = shown(pair.certificateText(), pair.keyText());
    Said said = probe(shown, "secret");
    assertThat(said.code).isEqualTo("authentication-failed");
    assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
    assertThat(said.message).contains("common name");

    server.letIn("hostssl all all 127.0.0.1/32 cert\n");
    said = probe(shown, Map.of("PGUSER", "app"));
    assertThat(said.code).isEqualTo("tls-client-refused");
    assertThat(said.message).contains("common name");
  }

  /** The driver shows none that the server does not ask for. */
  @Test
  void aCertificateOfAnotherAuthorityIsNotShown() throws Exception {
    ClientPair pair = ClientPair.of(Authority.make(Instant.now()), "app", "EC", Instant.now());
    Said said = probe(shown(pair.certificateText(), pair.keyText()), "secret");

    assertThat(said.code).isEqualTo("tls-client-refused");
    assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
    assertThat(said.message).contains("ssl_ca_file");
  }

  /** The server hangs up when it has said why, and sometimes nobody hears it. */
  @Test
  void aCertificateThatHasEnded() throws Exception {
    ClientPair pair =
        ClientPair.of(AUTHORITY, "app", "EC", Instant.now().minus(Duration.ofDays(91)));
    Said said = probe(shown(pair.certificateText(), pair.keyText()), "secret");

    assertThat(said.code).isIn("tls-client-refused", "connection-failed");
    assertThat(said.message).contains("take the certificate");
  }

  @Test
  void aKeyThatCannotBeUsedIsSaidBeforeAnybodyIsAsked() throws Exception {
    ClientPair pair = ClientPair.of(AUTHORITY, "app", "EC", Instant.now());
    ClientPair other = ClientPair.of(AUTHORITY, "app", "EC", Instant.now());
    for (String key : List.of("no key", other.keyText())) {
      Said said = probe(shown(pair.certificateText(), key), "secret");

      assertThat(said.code).isEqualTo("client-certificate-unusable");
      assertThat(said.exit).isEqualTo(ExitCode.REFUSED);
      assertThat(said.message).contains("clientCertificateSecretRef").doesNotContain("no key");
    }
  }

  /** The URL of a Job, with the files where they are here. */
  private String shown(String certificate, String key) throws Exception {
    Path authority =
        Files.writeString(scratch.resolve("ca.crt"), new Authorities(AUTHORITY, null).bundle());
    Path file = Files.writeString(scratch.resolve("tls.crt"), certificate);
    Path secret = ClientPair.secret(scratch.resolve("tls.key"), key);
    return url
        + "?sslmode=verify-full&sslrootcert="
        + authority
        + "&sslcert="
        + file
        + "&sslkey="
        + secret;
  }

  private Said probe(String to, String password) throws Exception {
    return probe(to, Map.of("PGUSER", "app", "PGPASSWORD", password));
  }

  private Said probe(String to, Map<String, String> environment) throws Exception {
    Path result = scratch.resolve("result.json");
    int exit =
        new ProbeCommand(environment)
            .run(
                Options.parse(
                    List.of("--to", to, "--result", result.toString()),
                    ProbeCommand.VALUED,
                    ProbeCommand.FLAGS));
    JsonNode said = new ObjectMapper().readTree(result.toFile());
    return new Said(exit, said.path("code").asText(), said.path("message").asText());
  }
}
