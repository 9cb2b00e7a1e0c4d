package dev.wharfinger.operator.dependent;

import dev.wharfinger.operator.model.PostgresqlModel;
import dev.wharfinger.operator.model.PostgresqlServer;
import dev.wharfinger.operator.model.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the application's role has, as against what somebody wishes in {@link CredentialsSecret}. It
 * is the operator's own, made before there is a server, and nobody is asked to write it; like the
 * other it has no owner reference and goes with the data only. Who logs in takes its {@code
 * password}.
 *
 * <p>Keys: {@code username}, {@code data-id} and {@code bootstrap.sql} as there, so that the other
 * can be made again; {@code password}; and, while a Job gives the role another one, {@code
 * next-password} and {@code next-id}, which says which Job. From when that is written until it is
 * known what became of the Job, the role has one of the two. They are the same where nobody could
 * tell what the role has, and the Job is to find out.
 */
public final class RoleSecret {
  public static final String PASSWORD = "password";
  public static final String NEXT = "next-password";
  public static final String NEXT_ID = "next-id";

  static final String USERNAME = "username";
  static final String DATA_ID = "data-id";
  static final String BOOTSTRAP = "bootstrap.sql";

  private RoleSecret() {}

  /** Whether it has a password; without that it says nothing. */
  public static boolean knows(Secret role) {
    String password = SecretText.of(role, PASSWORD);
    return password != null && !password.isEmpty();
  }

  /** Whether the role is being given another password. */
  public static boolean asks(Secret role) {
    return SecretText.of(role, NEXT) != null && SecretText.of(role, NEXT_ID) != null;
  }

  /** Whether an operator that notes it there has begun to give the role another password. */
  public static boolean begun(Secret credentials) {
    return !taken(credentials).isEmpty();
  }

  /** What such an operator has begun, under the names that it has here. */
  private static Map<String, String> taken(Secret credentials) {
    String former = SecretText.of(credentials, CredentialsSecret.FORMER);
    String asked = SecretText.of(credentials, CredentialsSecret.ASKED);
    String id = SecretText.of(credentials, CredentialsSecret.ASKED_ID);
    return former == null || asked == null || id == null
        ? Map.of()
        : Map.of(PASSWORD, former, NEXT, asked, NEXT_ID, id);
  }

  /** For a role that is not made yet: a new password. */
  public static Secret fresh(PostgresqlModel postgresql, PostgresqlServer server) {
    return CredentialsSecret.desired(postgresql, server)
        .edit()
        .editMetadata()
        .withName(server.role())
        .endMetadata()
        .build();
  }

  /**
   * For a server that has none, as after an operator that kept none, or where somebody deleted it.
   * It has no password where nobody knows one.
   *
   * @param told what the application was told last, or null where nobody knows
   * @param made whether there may be a role already
   */
  public static Secret derived(
      Secret credentials, PostgresqlServer server, @Nullable String told, boolean made) {
    String wished = SecretText.of(credentials, PASSWORD);
    Map<String, String> data = new HashMap<>();
    for (String key : new String[] {USERNAME, DATA_ID, BOOTSTRAP}) {
      String value = SecretText.of(credentials, key);
      if (value != null) {
        data.put(key, value);
      }
    }
    if (begun(credentials)) {
      // Its Job may be at work.
      data.putAll(taken(credentials));
    } else if (told != null) {
      data.put(PASSWORD, told);
    } else if (!made && (wished == null || CredentialsSecret.unfit(wished) != null)) {
      // The role is made with this one, and what is wished for is refused as at any other time.
      data.put(PASSWORD, CredentialsSecret.password(new SecureRandom()));
    } else if (wished != null) {
      data.put(PASSWORD, wished);
      if (CredentialsSecret.edited(credentials) && made) {
        data.put(NEXT, wished);
        data.put(NEXT_ID, UUID.randomUUID().toString());
      }
    }
    return bootstrapping(
        new SecretBuilder()
            .withNewMetadata()
            .withName(server.role())
            .withNamespace(server.namespace())
            .withLabels(server.labels())
            .endMetadata()
            .withType("Opaque")
            .withData(CredentialsSecret.encode(data))
            .build());
  }

  /** The Secret that has lost its password, with what is {@link #derived} in its place. */
  public static Secret mended(Secret role, Secret derived) {
    Map<String, String> data = new TreeMap<>(derived.getData());
    if (role.getData() != null) {
      // What is under way may have given the role the next one.
      data.putAll(role.getData());
    }
    data.put(PASSWORD, Objects.requireNonNull(derived.getData().get(PASSWORD)));
    return bootstrapping(new SecretBuilder(role).withData(data).build());
  }

  /** The Secret with what is {@link #begun} there: what was noted here is older. */
  public static Secret takenOver(Secret role, Secret credentials) {
    return role.edit().addToData(CredentialsSecret.encode(taken(credentials))).build();
  }

  /** The Secret with another password asked for. */
  public static Secret asking(Secret role, String password) {
    return role.edit()
        .addToData(
            CredentialsSecret.encode(Map.of(NEXT, password, NEXT_ID, UUID.randomUUID().toString())))
        .build();
  }

  /** The same where the role may have {@code has} instead of what is noted. */
  public static Secret asking(Secret role, String has, String password) {
    return new SecretBuilder(asking(role, password))
        .addToData(PASSWORD, SecretText.encode(has))
        .build();
  }

  /** The Secret when the role has what was asked for: an empty volume gets a role with that. */
  public static Secret given(Secret role, String password) {
    return bootstrapping(
        new SecretBuilder(role)
            .addToData(PASSWORD, SecretText.encode(password))
            .removeFromData(NEXT)
            .removeFromData(NEXT_ID)
            .build());
  }

  private static Secret bootstrapping(Secret role) {
    String password = SecretText.of(role, PASSWORD);
    return password == null || !CredentialsSecret.edited(role)
        ? role
        : CredentialsSecret.bootstrapping(role, password);
  }
}
