package dev.wharfinger.e2e.fault;

import dev.wharfinger.api.v1alpha1.SchemaMigrationsSpec;
import dev.wharfinger.api.v1alpha1.SchemaRun;
import dev.wharfinger.api.v1alpha1.StorageInstance;
import dev.wharfinger.api.v1alpha1.StorageMigration;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** I12: the schema comes before the application, and waits while the data moves. */
final class SchemaInvariants {
  private static final String ENDED = "wharfinger.dev/ended";

  private final World world;
  private final Set<String> moving = new HashSet<>();
  private final Set<String> ended = new HashSet<>();

  SchemaInvariants(World world) {
    this.world = world;
  }

  void asked(ApiRequest request, ClaimInvariants.Check check) {
    if (request.is("patch", "storagemigrations") && request.text().contains(ENDED)) {
      // What comes of it the operator may see before we do.
      ended.add(request.name());
      moving.remove(request.name());
    }
    String component = request.json().at("/metadata/labels/app.kubernetes.io~1component").asText();
    check.that(
        !request.is("create", "jobs") || !component.equals("schema") || moving.isEmpty(),
        "I12: a schema is migrated while the data moves: " + request);
  }

  void seen(History.Seen.Kind kind, StorageMigration migration) {
    String name = migration.getMetadata().getName();
    Map<String, String> annotations =
        Objects.requireNonNullElse(migration.getMetadata().getAnnotations(), Map.of());
    if (kind == History.Seen.Kind.DELETED
        || annotations.containsKey(ENDED)
        || ended.contains(name)
        || Boolean.TRUE.equals(migration.getSpec().dryRun())) {
      moving.remove(name);
    } else {
      moving.add(name);
    }
  }

  /** A binding that is made. */
  void seen(
      History.Seen.Kind kind,
      Secret secret,
      Collection<StorageInstance> instances,
      ClaimInvariants.Check check) {
    String type = References.decoded(secret).get("type");
    if (kind != History.Seen.Kind.ADDED
        || type == null
        || !secret.getMetadata().getName().endsWith("-binding")) {
      return;
    }
    check.that(
        world.schemas().isMade(type) || instances.stream().noneMatch(SchemaInvariants::waits),
        "I12: the application is told of a database that has no schema yet");
  }

  private static boolean waits(StorageInstance instance) {
    SchemaMigrationsSpec schema =
        instance.getSpec() == null ? null : instance.getSpec().schemaMigrations();
    return schema != null
        && schema.run() == SchemaRun.ALWAYS
        // It is told of its database by the binding.
        && schema.command() == null
        && failFast(schema.failFast());
  }

  private static boolean failFast(@Nullable Boolean said) {
    return !Boolean.FALSE.equals(said);
  }
}
