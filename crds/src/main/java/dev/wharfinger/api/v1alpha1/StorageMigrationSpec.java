package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One move of an instance's data. Never changes once made.
 *
 * @param instanceRef the instance in the same namespace
 * @param from the backend the data is on
 * @param to the backend it shall go to
 * @param dryRun stop after preflight, with the report
 * @param policies what shall become of what cannot be moved as it is
 * @param back what going back to SQLite means
 * @param large whether a move to PostgreSQL is done in chunks
 * @param formats in which formats columns are written on the way back to SQLite
 */
@ValidationRule(
    value = "self == oldSelf",
    message = "a StorageMigration never changes: delete it and make another")
@ValidationRule(
    value = "self.from != self.to",
    fieldPath = ".to",
    message = "a move goes from one backend to the other: set from and to to different ones")
@ValidationRule(
    value = "!has(self.back) || self.to == 'SQLite'",
    fieldPath = ".back",
    message = "back says what going back to SQLite means: remove it, or set to to SQLite")
@ValidationRule(
    value = "!has(self.large) || self.to == 'PostgreSQL'",
    fieldPath = ".large",
    message = "large says how data goes to PostgreSQL: remove it, or set to to PostgreSQL")
@ValidationRule(
    value =
        "!has(self.formats) || (self.to == 'SQLite' && !(has(self.back) && self.back == 'rollback'))",
    fieldPath = ".formats",
    message = "formats are of a new SQLite file: remove them, or set to to SQLite and back to copy")
public record StorageMigrationSpec(
    @JsonPropertyDescription("The StorageInstance, in the same namespace.") @Required
        SchemaMigrationsSpec.LocalRef instanceRef,
    @JsonPropertyDescription("The backend the data is on.") @Required Backend from,
    @JsonPropertyDescription("The backend it shall go to.") @Required Backend to,
    @JsonPropertyDescription(
            "Stop after preflight, with the report. A person always says true: a real move is made by changing"
                + " spec.backend of the instance.")
        @Nullable Boolean dryRun,
    @JsonPropertyDescription(
            "What shall become of values and rows that PostgreSQL would not take as they are. Without a policy the"
                + " move is refused.")
        @Size(max = 64)
        @Nullable List<MigrationPolicy> policies,
    @JsonPropertyDescription(
            "What going back to SQLite means. copy, the default: PostgreSQL's rows are copied into a new file. rollback:"
                + " the file of before the move to PostgreSQL is taken again as it stands.")
        @Nullable Back back,
    @JsonPropertyDescription(
            "Whether a move to PostgreSQL is done in chunks: auto, always or never. Default: auto, from 20 GB on.")
        @Nullable Large large,
    @JsonPropertyDescription(
            "In which formats columns are written on the way back to SQLite, where the file's own values do not tell.")
        @Size(max = 64)
        @Nullable List<MigrationFormat> formats) {}
