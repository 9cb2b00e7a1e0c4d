package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server made by the operator, or one that somebody else runs.
 *
 * @param version a major version of the operator's image catalogue
 * @param storage the server's volume
 * @param resources the server's requests and limits
 * @param parameters settings of {@code postgresql.conf}
 * @param database the application's database and role; default: the instance's name with {@code _}
 *     for {@code -}
 * @param external a server that somebody else runs; then nothing else is said here
 */
@ValidationRule(
    value = ExternalRules.ALONE,
    fieldPath = ".external",
    message =
        "postgresql.external is a server that somebody else runs: remove version, storage, resources, parameters and"
            + " database, which are about a server that the operator makes")
@ValidationRule(
    value =
        "!has(self.parameters) || !self.parameters.exists(k, k.matches('"
            + ServerParameters.UNSAFE
            + "'))",
    fieldPath = ".parameters",
    message = "postgresql.parameters names a setting " + ServerParameters.WHY_UNSAFE)
@ValidationRule(
    value =
        "!has(self.parameters) || !self.parameters.exists(k, k.matches('"
            + ServerParameters.OWNED
            + "'))",
    fieldPath = ".parameters",
    message = "postgresql.parameters names a setting " + ServerParameters.WHY_OWNED)
@ValidationRule(
    value =
        "!has(self.parameters) || self.parameters.all(k, k.matches('^[a-z_][a-z0-9_.]*$') &&"
            + " !self.parameters[k].matches('[\\\\x00-\\\\x1f]'))",
    fieldPath = ".parameters",
    message =
        "postgresql.parameters takes the names of postgresql.conf in lower case and values of one line")
@ValidationRule(
    value = "!has(self.version) || self.version.matches('^[1-9][0-9]$')",
    fieldPath = ".version",
    message =
        "postgresql.version must be a major version of the operator's image catalogue, for example \"17\"; an image is"
            + " never named here")
@ValidationRule(
    value = "!has(self.resources) || !has(self.resources.claims)",
    fieldPath = ".resources",
    message = "postgresql.resources takes requests and limits only: remove claims")
@ValidationRule(
    value = "!has(self.database) || self.database.matches('^[a-z_][a-z0-9_]*$')",
    fieldPath = ".database",
    message =
        "postgresql.database must be lower-case letters, digits and underscores and begin with a letter or an"
            + " underscore, for example my_app")
@ValidationRule(
    value =
        "!has(self.database) || !(self.database in ['postgres', 'template0', 'template1', 'wharfinger'] ||"
            + " self.database.startsWith('pg_'))",
    fieldPath = ".database",
    message =
        "postgresql.database must not be a name that PostgreSQL or the operator keeps for itself")
public record PostgresqlSpec(
    @JsonPropertyDescription(
            "Major version, one of the operator's image catalogue; never an image.")
        @Default("17")
        @Size(max = 64)
        @Nullable String version,
    @JsonPropertyDescription("The server's volume.") @Nullable StorageSpec storage,
    @JsonPropertyDescription("Requests and limits of the server's container.")
        @Nullable ResourceRequirements resources,
    @JsonPropertyDescription(
            "Settings of postgresql.conf, for example max_connections: \"100\". Refused are those that would lose"
                + " committed data (fsync, full_page_writes, synchronous_commit and the like) and those that belong to"
                + " the operator (addresses, files, ssl, archiving, libraries and *_command settings).")
        @Size(max = 64)
        @Nullable Map<String, @Size(max = 256) String> parameters,
    @JsonPropertyDescription(
            "Name of the application's database and of the role that owns it. Default: the instance's name with"
                + " underscores.")
        @Size(min = 1, max = 63)
        @Nullable String database,
    @JsonPropertyDescription(
            "A server that somebody else runs. The operator makes none then; it probes this one and tells the application"
                + " where it is. Said when the StorageInstance is made, or never.")
        @Nullable ExternalSpec external) {}
