package dev.wharfinger.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharfinger.testing.GoldenObjects;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class CredentialsSecretTest {
  private static Secret fresh() {
    return GoldenObjects.of(Path.of("src/test/resources/golden/postgresql-full")).stream()
        .filter(Secret.class::isInstance)
        .map(Secret.class::cast)
        .filter(s -> s.getMetadata().getName().equals("codex-credentials"))
        .findFirst()
        .orElseThrow();
  }

  private static String value(Secret secret, String key) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
  }

  @Test
  void PHX_17_thePasswordIsLongAndEveryTimeAnother() {
    Secret one = fresh();
    Secret other = fresh();
    // 32 of 62 characters: 190 bits.
    assertThat(value(one, "password"))
        .matches("[A-Za-z0-9]{32}")
        .isNotEqualTo(value(other, "password"));
    assertThat(value(one, "data-id")).isNotEqualTo(value(other, "data-id"));
  }

  @Test
  void theServerIsToldTheVerifierOnly() {
    Secret secret = fresh();
    assertThat(value(secret, "bootstrap.sql"))
        .doesNotContain(value(secret, "password"))
        .containsPattern("PASSWORD 'SCRAM-SHA-256\\$4096:");
  }

  @Test
  void PIP_07_theRoleOwnsItsDatabase() {
    assertThat(value(fresh(), "bootstrap.sql"))
        .contains("CREATE DATABASE \"codex_lb\" OWNER \"codex_lb\";");
  }

  @Test
  void itOutlivesItsInstance() {
    assertThat(fresh().getMetadata().getOwnerReferences()).isEmpty();
    assertThat(CredentialsSecret.username(fresh())).isEqualTo("codex_lb");
  }

  /** That a server accepts it is shown by a login in {@link ServerInitIT}. */
  @Test
  void theVerifierHasPostgresqlsForm() {
    byte[] salt = Base64.getDecoder().decode("MDEyMzQ1Njc4OWFiY2RlZg==");
    assertThat(ScramVerifier.of("pencil", salt))
        .startsWith("SCRAM-SHA-256$4096:MDEyMzQ1Njc4OWFiY2RlZg==$")
        .matches("SCRAM-SHA-256\\$4096:[^$]+\\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=");
  }
}
