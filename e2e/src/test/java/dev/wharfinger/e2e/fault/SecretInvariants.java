package dev.wharfinger.e2e.fault;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A binding never goes back and never lies, and a password stays what it is. */
final class SecretInvariants {
  private static final String DOMAIN = "wharfinger.dev/";
  private static final int LEAST = 8;

  private final World world;
  private final Map<String, Integer> epochs = new HashMap<>();
  private final Map<String, String> passwords = new HashMap<>();
  private final Set<String> confidential = new HashSet<>();

  SecretInvariants(World world) {
    this.world = world;
  }

  void seen(History.Seen.Kind kind, Secret secret, ClaimInvariants.Check check) {
    String name = secret.getMetadata().getName();
    boolean gone = kind == History.Seen.Kind.DELETED;
    note(secret);
    if (name.endsWith("-credentials")) {
      password(name, secret, gone, check);
    } else if (name.endsWith("-role") && !gone) {
      role(name.replaceAll("-role$", ""), secret, check);
    } else if (name.endsWith("-binding") && !gone) {
      binding(secret, check);
    }
  }

  /** Whether a text has a password in it, or a line of a key. */
  boolean stand(String text) {
    return confidential.stream().anyMatch(text::contains);
  }

  private void note(Secret secret) {
    References.decoded(secret)
        .forEach((key, value) -> {
          if (key.equals("password") && !value.isEmpty()) {
            confidential.add(value);
            world.noted(value);
          } else if (key.endsWith(".key")) {
            // The last line may be a few characters, which prove nothing.
            value
                .lines()
                .filter(line -> !line.startsWith("-----") && line.length() > LEAST)
                .forEach(confidential::add);
          }
        });
  }

  private void password(String name, Secret secret, boolean gone, ClaimInvariants.Check check) {
    String now = References.decoded(secret).getOrDefault("password", "");
    String before = gone ? passwords.remove(name) : passwords.put(name, now);
    check.that(
        gone || before == null || before.equals(now) || world.isWished(now),
        "T02: the password of " + name + " is another one");
  }

  /** Who logs in takes it from there. */
  private void role(String server, Secret secret, ClaimInvariants.Check check) {
    String password = References.decoded(secret).getOrDefault("password", "");
    check.that(
        !world.hasRole(server) || world.wasGiven(server, password),
        "T02: the role of " + server + " is said to have a password that it was never given");
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
    Map<String, String> data = References.decoded(secret);
    String server = data.getOrDefault("host", "").replaceAll("\\..*", "");
    check.that(
        !annotations.containsKey(DOMAIN + "external")
            || world.letIn(server, data.getOrDefault("password", "")),
        "I4: the binding has a password with which no probe was let in");
    check.that(
        annotations.containsKey(DOMAIN + "external")
            || !data.containsKey("password")
            || world.wasGiven(server, data.getOrDefault("password", "")),
        "I4: the binding has a password that the role was never given");
  }
}
