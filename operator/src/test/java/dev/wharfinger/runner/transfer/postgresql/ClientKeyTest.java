package dev.wharfinger.runner.transfer.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.operator.tls.Authority;
import dev.wharfinger.testing.ClientPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PHX-14: keys in the forms that tools write, for a driver that reads few of them. */
class ClientKeyTest {
  private static final Authority AUTHORITY = Authority.make(Instant.now());

  @TempDir private Path scratch;

  @ParameterizedTest
  @CsvSource({"RSA, false", "RSA, true", "EC, false", "EC, true", "Ed25519, false"})
  void PHX_14_theDriverIsGivenAKeyThatItReads(String algorithm, boolean old) throws Exception {
    ClientPair pair = pair(algorithm);
    PostgresUrl url = url(pair.certificateText(), old ? pair.oldKeyText() : pair.keyText());

    assertThat(ClientKey.fault(url.parameters())).isNull();
    PostgresUrl told = ClientKey.forDriver(url);
    Path copy = Path.of(parameter(told, "sslkey").replace("%2F", "/"));
    assertThat(copy.toString()).endsWith(".der");
    assertThat(Files.readAllBytes(copy)).startsWith(0x30);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");
    assertThat(ClientKey.fault(told.parameters())).isNull();
    assertThat(parameter(told, "sslcert")).isEqualTo(parameter(url, "sslcert"));
    assertThat(told.parameters()).startsWith("sslmode=require&");
  }

  @Test
  void whatCannotBeShownIsSaidWithoutAWordOfIt() throws Exception {
    ClientPair pair = pair("RSA");
    String certificate = pair.certificateText();

    assertThat(fault("hush", pair.keyText())).contains("certificate cannot be read");
    assertThat(fault("", pair.keyText())).contains("certificate cannot be read");
    assertThat(fault(certificate, "hush")).contains("key cannot be read").doesNotContain("hush");
    assertThat(fault(certificate, "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n"))
        .contains("key cannot be read")
        .doesNotContain("hush");
    assertThat(fault(certificate, pair("RSA").keyText())).contains("another certificate's");
    assertThat(fault(certificate, pair("EC").keyText())).contains("another certificate's");
    assertThat(ClientKey.fault("sslcert=" + scratch + "/none&sslkey=" + scratch + "/none"))
        .contains("cannot be read");
  }

  @Test
  void whatCannotBeReadIsLeftAsItIs() throws Exception {
    PostgresUrl url = url(pair("RSA").certificateText(), "hush");

    assertThat(ClientKey.forDriver(url)).isEqualTo(url);
  }

  @Test
  void whoShowsNoCertificateIsAskedForNone() {
    PostgresUrl url = PostgresUrl.parse("postgresql://app@db/orders?sslmode=require", null);

    assertThat(ClientKey.in(url.parameters())).isFalse();
    assertThat(ClientKey.fault(url.parameters())).isNull();
    assertThat(ClientKey.forDriver(url)).isSameAs(url);
  }

  private static ClientPair pair(String algorithm) throws Exception {
    return ClientPair.of(AUTHORITY, "app", algorithm, Instant.now());
  }

  private String fault(String certificate, String key) throws IOException {
    return Objects.requireNonNull(ClientKey.fault(url(certificate, key).parameters()));
  }

  private PostgresUrl url(String certificate, String key) throws IOException {
    Path shown = Files.writeString(scratch.resolve("tls.crt"), certificate);
    Path secret = Files.writeString(scratch.resolve("tls.key"), key);
    return PostgresUrl.parse(
        "postgresql://app@db/orders?sslmode=require&sslcert=" + shown + "&sslkey=" + secret, null);
  }

  private static String parameter(PostgresUrl url, String name) {
    for (String one : url.parameters().split("&")) {
      if (one.startsWith(name + "=")) {
        return one.substring(name.length() + 1);
      }
    }
    throw new AssertionError("no " + name);
  }
}
