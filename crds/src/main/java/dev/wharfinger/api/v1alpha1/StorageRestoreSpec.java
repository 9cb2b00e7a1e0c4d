package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * One restore over data that are there. Never changes once made, but for the confirmation.
 *
 * @param instanceRef the instance in the same namespace
 * @param from what is restored
 * @param dryRun stop with the plan
 * @param skipSafetyBackup make no backup of what is there first
 * @param confirm the word that the plan in the status asks for
 */
@ValidationRule(
    value =
        "self.instanceRef == oldSelf.instanceRef && self.from == oldSelf.from"
            + " && (has(self.dryRun) && self.dryRun) == (has(oldSelf.dryRun) && oldSelf.dryRun)"
            + " && (has(self.skipSafetyBackup) && self.skipSafetyBackup) =="
            + " (has(oldSelf.skipSafetyBackup) && oldSelf.skipSafetyBackup)",
    message = "a StorageRestore never changes, but for confirm: delete it and make another")
@ValidationRule(
    value = "!(has(self.confirm) && has(self.dryRun) && self.dryRun)",
    fieldPath = ".confirm",
    message = "a dry run restores nothing: remove confirm, or make a StorageRestore without dryRun")
public record StorageRestoreSpec(
    @JsonPropertyDescription("The StorageInstance, in the same namespace.") @Required
        SchemaMigrationsSpec.LocalRef instanceRef,
    @JsonPropertyDescription("What is restored.") @Required From from,
    @JsonPropertyDescription("Stop with the plan in the status.") @Nullable Boolean dryRun,
    @JsonPropertyDescription(
            "Make no backup of what is there first. For data of which none can be made: they are kept beside what is"
                + " restored all the same.")
        @Nullable Boolean skipSafetyBackup,
    @JsonPropertyDescription(
            "The word in status.plan.confirm. Nothing is stopped or restored before it is said here.")
        @Size(max = 128)
        @Nullable String confirm) {

  /**
   * A backup set.
   *
   * @param backupName a {@link StorageBackup} that is Completed
   * @param identitySecretRef the private key of a set that is encrypted
   */
  public record From(
      @JsonPropertyDescription(
              "A StorageBackup of this namespace that is Completed; where its set is, its status says.")
          @Required
          @Size(min = 1, max = 253)
          String backupName,
      @JsonPropertyDescription(
              "The private key of age that opens an encrypted set. Nothing but the Job that restores sees it.")
          BootstrapSpec.@Nullable IdentityRef identitySecretRef) {}
}
