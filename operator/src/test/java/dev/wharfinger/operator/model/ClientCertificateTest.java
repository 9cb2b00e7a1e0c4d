package dev.wharfinger.operator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharfinger.api.v1alpha1.Backend;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The certificate by which an external server knows the application, and what is told of it. */
class ClientCertificateTest {
  private static final String CLIENT =
      ", clientCertificateSecretRef: {name: client, certificateKey: client.pem}";

  @Test
  void PHX_14_theCertificateToShowIsToldWithThePlacesOfItsFiles() {
    InstanceModel model = ExternalServerTest.model(ExternalServerTest.KEYS + CLIENT, "require");
    Map<String, String> data =
        Map.of("username", "app", "client.pem", "CERTIFICATE\n", "tls.key", "KEY\n");
    ExternalServer server = ExternalServer.of(model, name -> ExternalServerTest.secret(data));
    Map<String, String> values = BindingValues.of(model.at(server), Backend.POSTGRESQL, null);
    String files = "/etc/wharfinger/orders/tls.";

    assertThat(values)
        .containsEntry("tls.crt", "CERTIFICATE\n")
        .containsEntry("tls.key", "KEY\n")
        .containsEntry("sslcert", files + "crt")
        .containsEntry("sslkey", files + "key")
        .containsEntry("PGSSLCERT", files + "crt")
        .containsEntry("PGSSLKEY", files + "key");
    for (String key :
        List.of("uri-ssl", "uri-postgres", "uri-psycopg", "uri-psycopg2", "jdbc-url")) {
      assertThat(values.get(key))
          .as(key)
          .endsWith("?sslmode=require&sslcert=" + files + "crt&sslkey=" + files + "key");
    }
    assertThat(values.get("dsn")).endsWith(" sslcert=" + files + "crt sslkey=" + files + "key");
    assertThat(values.get("npgsql"))
        .endsWith(";SSL Certificate=" + files + "crt;SSL Key=" + files + "key");
    assertThat(values.get("uri") + values.get("uri-asyncpg")).doesNotContain("ssl");
    assertThat(server.endpoint().toString()).doesNotContain("KEY");
  }

  @Test
  void whoShowsNoCertificateIsToldOfNone() {
    InstanceModel model = ExternalServerTest.model(ExternalServerTest.KEYS, "require");
    ExternalServer server =
        ExternalServer.of(model, name -> ExternalServerTest.secret(Map.of("username", "app")));

    assertThat(BindingValues.of(model.at(server), Backend.POSTGRESQL, null))
        .doesNotContainKeys("tls.crt", "tls.key", "sslcert", "sslkey", "PGSSLCERT", "PGSSLKEY");
    // As versions wrote it that knew no certificates: no instance of theirs is probed anew.
    assertThat(server.version()).doesNotContain("clientCertificate");
  }

  @Test
  void aCertificateWithoutItsKeyIsNamed() {
    Map<String, String> data = Map.of("username", "app", "client.pem", "CERTIFICATE");

    assertThatThrownBy(() -> ExternalServerTest.server(ExternalServerTest.KEYS + CLIENT, data))
        .isInstanceOf(StalledException.class)
        .returns("CredentialsMissing", e -> ((StalledException) e).reason())
        .hasMessageContaining("has no key tls.key");
  }

  @Test
  void withoutTlsNoCertificateIsShown() {
    Map<String, String> data =
        Map.of(
            "url", "postgres://app@db/orders?sslmode=disable", "client.pem", "C", "tls.key", "K");

    assertThatThrownBy(() -> ExternalServerTest.server(ExternalServerTest.URI + CLIENT, data))
        .isInstanceOf(StalledException.class)
        .returns("CredentialsInvalid", e -> ((StalledException) e).reason())
        .hasMessageContaining("sslmode=disable");
  }
}
