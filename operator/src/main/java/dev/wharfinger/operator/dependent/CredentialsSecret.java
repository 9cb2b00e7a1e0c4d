package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The application's role: made once, and never deleted but with the data. It has no owner
 * reference. Who wants another password writes it over the old one.
 *
 * <p>Keys: {@code username}, {@code password} (32 letters and digits, 190 bits), {@code
 * bootstrap.sql} (makes role and database; holds the SCRAM verifier only) and {@code data-id},
 * which the volume carries too. While the role is given another password, {@code asked-password} is
 * that one, {@code former-password} the one of before, and {@code asked-id} says which Job does it:
 * the role has one of the two, whatever somebody writes over {@code password} meanwhile.
 */
public final class CredentialsSecret {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 32;

  private static final Pattern VERIFIER =
      Pattern.compile("SCRAM-SHA-256\\$4096:([A-Za-z0-9+/]{22}==)\\$[^']+");

  /** Keys that are there while the role is given another password. */
  public static final String ASKED = "asked-password";

  public static final String FORMER = "former-password";
  public static final String ASKED_ID = "asked-id";

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

  /** Whether the password is another one than that which the role was made with. */
  public static boolean edited(Secret credentials) {
    String password = SecretText.of(credentials, "password");
    Matcher verifier = verifier(credentials);
    return password != null
        && !(verifier.find()
            && ScramVerifier.of(password, Base64.getDecoder().decode(verifier.group(1)))
                .equals(verifier.group()));
  }

  private static Matcher verifier(Secret credentials) {
    String bootstrap = SecretText.of(credentials, "bootstrap.sql");
    return VERIFIER.matcher(bootstrap == null ? "" : bootstrap);
  }

  /** The Secret with its password asked for; {@code former} is what the role has till then. */
  public static Secret asking(Secret credentials, String password, String former) {
    return credentials
        .edit()
        .addToData(
            encode(Map.of(ASKED, password, FORMER, former, ASKED_ID, UUID.randomUUID().toString())))
        .build();
  }

  /**
   * The Secret with the role's password as if it had been made with it: an empty volume gets a role
   * with that.
   */
  public static Secret settled(Secret credentials, String password) {
    SecretBuilder settled =
        new SecretBuilder(credentials)
            .removeFromData(ASKED)
            .removeFromData(FORMER)
            .removeFromData(ASKED_ID);
    Matcher verifier = verifier(credentials);
    if (verifier.find()) {
      String made = ScramVerifier.of(password, Base64.getDecoder().decode(verifier.group(1)));
      String bootstrap = verifier.replaceFirst(Matcher.quoteReplacement(made));
      settled.addToData("bootstrap.sql", SecretText.encode(bootstrap));
    }
    return settled.build();
  }

  static Map<String, String> encode(Map<String, String> plain) {
    Map<String, String> data = new TreeMap<>();
    plain.forEach((key, value) -> data.put(key, SecretText.encode(value)));
    return data;
  }
}
