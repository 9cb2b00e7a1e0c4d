package dev.wharfinger.operator.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CLB-24: each word of the probe has its reason. */
class ProbeVerdictTest {
  private static final Path RUNNER = Path.of("src", "main", "java", "dev", "wharfinger", "runner");
  private static final List<Path> SAY =
      List.of(
          RUNNER.resolve("probe"),
          RUNNER.resolve("transfer").resolve("postgresql").resolve("TlsFault.java"));
  private static final Pattern CODE =
      Pattern.compile(
          "(?:lasting\\(|passing\\(|mayPass\\(\\) [?] \\w+[.]code\\(\\) : |[A-Z]{4,}\\()\\s*\"([a-z-]+)\"");

  @ParameterizedTest
  @CsvSource({
    "host-not-found, HostNotFound",
    "connection-refused, ConnectionRefused",
    "connection-timeout, ConnectionTimeout",
    "connection-failed, ConnectionFailed",
    "not-postgresql, NotPostgreSQL",
    "tls-refused, TlsRefused",
    "tls-unknown-authority, TlsUnknownAuthority",
    "tls-wrong-host, TlsWrongHost",
    "tls-expired, TlsExpired",
    "tls-client-refused, ClientCertificateRefused",
    "client-certificate-unusable, ClientCertificateUnusable",
    "tls-failed, TlsFailed",
    "server-starting, DatabaseStarting",
    "too-many-connections, TooManyConnections",
    "not-in-pg-hba, NotInPgHba",
    "authentication-failed, AuthenticationFailed",
    "role-refused, RoleRefused",
    "database-missing, DatabaseMissing",
    "permission-denied, PermissionDenied",
    "read-only-server, ReadOnlyServer",
    "server-too-old, ServerTooOld",
    "admin-refused, AdminRefused",
    "something-of-another-version, ProbeFailed",
  })
  void CLB_24_eachCodeHasItsReason(String code, String reason) {
    assertThat(parse("{\"code\": \"" + code + "\", \"message\": \"look there\"}"))
        .isEqualTo(new ProbeVerdict(reason, "look there"));
  }

  /** What the runner can say, from its sources: a word that is new there has a reason here. */
  @Test
  void noCodeOfTheRunnerIsWithoutAReasonOfItsOwn() throws IOException {
    Set<String> said = new TreeSet<>();
    for (Path where : SAY) {
      try (Stream<Path> files = Files.walk(where)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          CODE.matcher(Files.readString(file)).results().forEach(m -> said.add(m.group(1)));
        }
      }
    }
    assertThat(said).contains("tls-failed", "too-many-connections", "admin-refused").hasSize(22);
    assertThat(said)
        .allSatisfy(code ->
            assertThat(parse("{\"code\": \"" + code + "\", \"message\": \"\"}"))
                .isNotNull()
                .doesNotReturn("ProbeFailed", ProbeVerdict::reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"message\": \"x\"}", "OutOfMemoryError", "{\"code\": "})
  void otherWordsAreNoVerdict(String words) {
    assertThat(parse(words)).isNull();
    assertThat(ProbeVerdict.parse(null)).isNull();
  }

  @Test
  void aMessageHasAnEnd() {
    assertThat(parse("{\"code\": \"tls-failed\", \"message\": \"" + "x".repeat(5000) + "\"}"))
        .isNotNull()
        .returns("x".repeat(1024), ProbeVerdict::message);
  }

  private static @Nullable ProbeVerdict parse(String words) {
    return ProbeVerdict.parse(words);
  }
}
