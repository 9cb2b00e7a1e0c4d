package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import dev.wharfinger.operator.tls.Authorities;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The two Secrets of a server's TLS, and the only places with a private key: the one that the
 * server mounts, and the authority's, which nobody mounts. Both go with the server's owner: another
 * certificate can always be made.
 */
public final class CertificateSecrets {
  private CertificateSecrets() {}

  /** The Secret with {@code tls.crt}, {@code tls.key} and {@code ca.crt}. */
  public static Secret certificate(PostgresqlServer server, Map<String, String> data) {
    return secret(server.certificate(), "kubernetes.io/tls", server, data);
  }

  /** The Secret with the authority, and the next one while there is one. */
  public static Secret authority(String name, PostgresqlServer server, Authorities authorities) {
    return secret(name, "Opaque", server, authorities.data());
  }

  private static Secret secret(
      String name, String type, PostgresqlServer server, Map<String, String> data) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(server.namespace())
        .withLabels(server.labels())
        .withOwnerReferences(server.owner())
        .endMetadata()
        .withType(type)
        .withData(CredentialsSecret.encode(data))
        .build();
  }

  /** The data of a Secret as text; nothing where there is none. */
  public static Map<String, String> data(@Nullable Secret secret) {
    Map<String, String> plain = new TreeMap<>();
    if (secret != null && secret.getData() != null) {
      secret.getData().forEach((key, value) -> plain.put(key, SecretText.decode(value)));
    }
    return plain;
  }
}
