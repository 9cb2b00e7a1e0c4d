package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The application's role, as it is wished for: made once, and never deleted but with the data. It
 * has no owner reference. Who wants another password writes it over the old one; what the role has
 * meanwhile is in {@link RoleSecret}.
 *
 * <p>Keys: {@code username}, {@code password} (32 letters and digits, 190 bits), {@code
 * bootstrap.sql} (makes role and database; holds the SCRAM verifier only) and {@code data-id},
 * which the volume carries too.
 */
public final class CredentialsSecret {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 32;

  private static final Pattern VERIFIER =
      Pattern.compile("SCRAM-SHA-256\\$4096:([A-Za-z0-9+/]{22}==)\\$[^']+");

  /** Keys that an operator of before had here while the role was given another password. */
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

  static String password(RandomGenerator random) {
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

  /** The Secret made again after it was lost, with the password that the role has. */
  public static Secret again(Secret role, PostgresqlServer server) {
    return completed(
        new SecretBuilder()
            .withNewMetadata()
            .withName(server.credentials())
            .withNamespace(server.namespace())
            .withLabels(server.labels())
            .endMetadata()
            .withType("Opaque")
            .withData(Map.of())
            .build(),
        role,
        true);
  }

  /**
   * The Secret with all that is needed in it, however much of it somebody's own manifest left out:
   * the server's pod mounts it. The wish stays what it is, and only where it is gone the password
   * of the role is put there.
   *
   * @param over whether nothing that an operator of before had begun needs what is noted of it here
   */
  public static Secret completed(Secret credentials, Secret role, boolean over) {
    Map<String, String> data = new TreeMap<>();
    if (credentials.getData() != null) {
      data.putAll(credentials.getData());
    }
    Map<String, String> known = role.getData() == null ? Map.of() : role.getData();
    for (String key :
        new String[] {
          RoleSecret.USERNAME, RoleSecret.PASSWORD, RoleSecret.DATA_ID, RoleSecret.BOOTSTRAP
        }) {
      String value = known.get(key);
      if (value != null && (!data.containsKey(key) || key.equals(RoleSecret.BOOTSTRAP))) {
        data.put(key, value);
      }
    }
    if (over) {
      data.keySet().removeAll(Set.of(ASKED, FORMER, ASKED_ID));
    }
    return new SecretBuilder(credentials).withData(data).build();
  }

  /** Why a password cannot be given to a role, or null. */
  public static @Nullable String unfit(String password) {
    return password.isEmpty()
        ? "it is empty"
        : password.chars().anyMatch(c -> c < ' ' || c > '~')
            ? "it has a line break or another character that is not ASCII, which clients write in more than one way; a file"
                + " for it is made with printf, as echo adds a line break"
            : null;
  }

  /** The Secret with a role made with {@code password}. */
  static Secret bootstrapping(Secret secret, String password) {
    Matcher verifier = verifier(secret);
    if (!verifier.find()) {
      return secret;
    }
    String made = ScramVerifier.of(password, Base64.getDecoder().decode(verifier.group(1)));
    return new SecretBuilder(secret)
        .addToData(
            RoleSecret.BOOTSTRAP,
            SecretText.encode(verifier.replaceFirst(Matcher.quoteReplacement(made))))
        .build();
  }

  static Map<String, String> encode(Map<String, String> plain) {
    Map<String, String> data = new TreeMap<>();
    plain.forEach((key, value) -> data.put(key, SecretText.encode(value)));
    return data;
  }
}
