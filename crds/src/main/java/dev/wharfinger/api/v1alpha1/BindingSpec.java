package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the application is told where its database is.
 *
 * @param mountPath where the application mounts the data volume; used only as text in paths and
 *     URLs
 * @param env keys of the application's choosing and their templates
 */
@ValidationRule(
    value = "!has(self.env) || self.env.all(k, k.matches('^[A-Za-z_][A-Za-z0-9_]*$'))",
    fieldPath = ".env",
    message = "binding.env takes names of environment variables: letters, digits and underscores")
@ValidationRule(
    value =
        "!has(self.env) || self.env.all(k, !(k in ['type', 'provider', 'host', 'port', 'database', 'username',"
            + " 'password', 'uri', 'path', 'dir', 'file', 'synchronous', 'sslmode', 'PGHOST', 'PGPORT', 'PGDATABASE', 'PGUSER',"
            + " 'PGPASSWORD', 'PGSSLMODE']))",
    fieldPath = ".env",
    message =
        "binding.env must not redefine a key that the binding Secret always has (type, host, uri, PGHOST …): choose"
            + " another name")
@ValidationRule(
    value = "!has(self.mountPath) || self.mountPath.matches('^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$')",
    fieldPath = ".mountPath",
    message =
        "binding.mountPath must be an absolute path without '..', blanks or a slash at the end, for example /data")
public record BindingSpec(
    @JsonPropertyDescription(
            "Absolute path where the application mounts the data volume. Default: /data")
        @Default("/data")
        @Size(max = 201)
        @Nullable String mountPath,
    @JsonPropertyDescription(
            "Keys added to the binding Secret, for example DATABASE_URL: \"{url.sqlalchemy}\"; rendered for the backend of"
                + " the moment.")
        @Size(max = 64)
        @Nullable Map<String, @Size(max = 1024) String> env) {}
