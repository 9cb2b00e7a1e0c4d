package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A binding never goes back and never lies, and a password stays what it is. */
final class SecretInvariants {
  private static final String DOMAIN = "wharfinger.dev/";

  private final World world;
  private final Map<String, Integer> epochs = new HashMap<>();
  private final Map<String, String> passwords = new HashMap<>();

  SecretInvariants(World world) {
    this.world = world;
  }

  void seen(History.Seen.Kind kind, Secret secret, ClaimInvariants.Check check) {
    String name = secret.getMetadata().getName();
    boolean gone = kind == History.Seen.Kind.DELETED;
    if (name.endsWith("-credentials")) {
      password(name, secret, gone, check);
    } else if (name.endsWith("-binding") && !gone) {
      binding(secret, check);
    }
  }

  /** Whether a text has a password in it. */
  boolean stand(String text) {
    return passwords.values().stream().anyMatch(p -> !p.isEmpty() && text.contains(p));
  }

  private void password(String name, Secret secret, boolean gone, ClaimInvariants.Check check) {
    String now = References.decoded(secret).getOrDefault("password", "");
    String before = gone ? passwords.remove(name) : passwords.put(name, now);
    check.that(
        gone || before == null || before.equals(now),
        "T02: the password of " + name + " is another one");
  }

  private void binding(Secret secret, ClaimInvariants.Check check) {
    Map<String, String> annotations =
        Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of());
    Map<String, String> labels =
        Objects.requireNonNullElse(secret.getMetadata().getLabels(), Map.of());
    String backend = annotations.get(DOMAIN + "backend");
    String owner = labels.get(DOMAIN + "instance-uid");
    if (backend == null || owner == null) {
      // Somebody took it away; that it comes back is told at the end.
      return;
    }
    int epoch = Integer.parseInt(annotations.getOrDefault(DOMAIN + "epoch", "0"));
    Integer before = epochs.put(owner, epoch);
    check.that(
        before == null || before <= epoch,
        "I4: the binding's epoch goes from %d to %d".formatted(before, epoch));
    String type = References.decoded(secret).get("type");
    check.that(
        backend.toLowerCase(Locale.ROOT).equals(type),
        "I4: the binding says %s and its annotation %s".formatted(type, backend));
    check.that(
        !backend.equals("PostgreSQL") || epoch < 2 || world.moves() > 0,
        "I4: the binding names a database that was never filled");
  }
}
