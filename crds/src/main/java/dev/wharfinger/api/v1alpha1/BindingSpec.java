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
 * @param preset an application whose variables the operator knows
 * @param env keys of the application's choosing and their templates
 * @param files files of the application's choosing and their templates
 */
@ValidationRule(
    value = "!has(self.preset) || self.preset in [" + BindingPresets.NAMES + "]",
    fieldPath = ".preset",
    message =
        "binding.preset must be one of "
            + BindingPresets.NAMES
            + "; for any other application say its variables in binding.env")
@ValidationRule(
    value =
        "!has(self.files) || self.files.all(k, k.matches('^[A-Za-z0-9._-]*[.][A-Za-z0-9._-]*$') &&"
            + " k.matches('[A-Za-z0-9]') && !k.startsWith('..') && size(k) <= 253)",
    fieldPath = ".files",
    message =
        "binding.files takes file names with a dot, such as secrets.yaml: letters, digits, '.', '_'"
            + " and '-', no path")
@ValidationRule(
    value = "!has(self.files) || self.files.all(k, !(k in ['ca.crt', 'tls.crt', 'tls.key']))",
    fieldPath = ".files",
    message =
        "binding.files must not name ca.crt, tls.crt or tls.key, which the binding Secret keeps for"
            + " certificates")
@ValidationRule(
    value = "!has(self.env) || self.env.all(k, k.matches('^[A-Za-z_][A-Za-z0-9_]*$'))",
    fieldPath = ".env",
    message = "binding.env takes names of environment variables: letters, digits and underscores")
@ValidationRule(
    value =
        "!has(self.env) || self.env.all(k, !(k in ['type', 'provider', 'host', 'port', 'database',"
            + " 'dbname', 'username', 'user', 'password', 'uri', 'dsn', 'npgsql', 'pgpass', 'path',"
            + " 'dir', 'file', 'synchronous', 'sslmode', 'PGHOST', 'PGPORT', 'PGDATABASE',"
            + " 'PGUSER', 'PGPASSWORD', 'PGSSLMODE']))",
    fieldPath = ".env",
    message =
        "binding.env must not redefine a key that the binding Secret always has (type, host, uri,"
            + " PGHOST …): choose another name")
@ValidationRule(
    value = "!has(self.mountPath) || self.mountPath.matches('^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$')",
    fieldPath = ".mountPath",
    message =
        "binding.mountPath must be an absolute path without '..', blanks or a slash at the end, for"
            + " example /data")
public record BindingSpec(
    @JsonPropertyDescription(
            "Absolute path where the application mounts the data volume. Default: /data")
        @Default("/data")
        @Size(max = 201)
        @Nullable String mountPath,
    @JsonPropertyDescription(
            "An application whose variables the operator knows; they are added to the binding"
                + " Secret. One of "
                + BindingPresets.NAMES
                + ".")
        @Size(max = 63)
        @Nullable String preset,
    @JsonPropertyDescription(
            "Keys added to the binding Secret, for example DATABASE_URL: \"{url.sqlalchemy}\";"
                + " rendered for the backend of the moment. They win over those of preset.")
        @Size(max = 64)
        @Nullable Map<String, @Size(max = 1024) String> env,
    @JsonPropertyDescription(
            "Files added to the binding Secret for an application that reads its database from one,"
                + " by name; rendered like env. The application mounts the Secret as a volume.")
        @Size(max = 8)
        @Nullable Map<String, @Size(max = 8192) String> files) {}
