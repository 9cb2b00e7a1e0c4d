package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Asks for one backup set. Never changes once made; everything else stands in {@code spec.backup}
 * of the instance.
 *
 * @param instanceRef the instance in the same namespace
 */
@ValidationRule(value = "self == oldSelf", message = "a StorageBackup never changes: make another")
public record StorageBackupSpec(
    @JsonPropertyDescription("The StorageInstance, in the same namespace.") @Required
        SchemaMigrationsSpec.LocalRef instanceRef) {}
