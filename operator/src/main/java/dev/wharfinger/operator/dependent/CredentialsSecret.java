package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The application's role: made once, never changed and never deleted but with the data. It has no
 * owner reference.
 *
 * <p>Keys: {@code username}, {@code password} (32 letters and digits, 190 bits), {@code
 * bootstrap.sql} (makes role and database; holds the SCRAM verifier only) and {@code data-id},
 * which the volume carries too.
 */
public final class CredentialsSecret {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 32;

  private CredentialsSecret() {}

  /** A new Secret with a new password. */
  public static Secret desired(PostgresqlModel postgresql, PostgresqlServer server) {
    SecureRandom random = new SecureRandom();
    String password = password(random);
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    String verifier = ScramVerifier.of(password, salt);
    return new SecretBuilder()
        .withNewMetadata()
        .withName(server.credentials())
        .withNamespace(server.namespace())
        .withLabels(server.labels())
        .endMetadata()
        .withType("Opaque")
        .withData(
            encode(
                Map.of(
                    "username", postgresql.username(),
                    "password", password,
                    "data-id", UUID.randomUUID().toString(),
                    "bootstrap.sql", bootstrap(postgresql, verifier))))
        .build();
  }

  /** PHX-18, PIP-07: the role owns its database; a mere grant would not let it create tables. */
  private static String bootstrap(PostgresqlModel postgresql, String verifier) {
    String role = quote(postgresql.username());
    String database = quote(postgresql.database());
    return "CREATE ROLE "
        + role
        + " LOGIN PASSWORD '"
        + verifier
        + "';\nCREATE DATABASE "
        + database
        + " OWNER "
        + role
        + ";\nREVOKE ALL ON DATABASE "
        + database
        + " FROM PUBLIC;\n";
  }

  private static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private static String password(RandomGenerator random) {
    StringBuilder password = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }

  /** The role, which has the database's name; null where the Secret does not say it. */
  public static @Nullable String username(Secret credentials) {
    return SecretText.of(credentials, "username");
  }

  static Map<String, String> encode(Map<String, String> plain) {
    Map<String, String> data = new TreeMap<>();
    plain.forEach((key, value) -> data.put(key, SecretText.encode(value)));
    return data;
  }
}
