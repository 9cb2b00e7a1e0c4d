package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * The application's connection pool, told to it through the binding; never written into a URL whose
 * driver refuses it.
 *
 * @param minSize connections kept open
 * @param maxSize connections at most, without overflow
 * @param maxOverflow further connections for a moment
 * @param timeout how long the application waits for a connection
 * @param recycle after how long it replaces a connection
 * @param connectTimeout how long a driver tries to connect
 * @param enginesPerReplica pools that each pod of the application has
 */
@ValidationRule(
    value = "!has(self.minSize) || !has(self.maxSize) || self.minSize <= self.maxSize",
    fieldPath = ".minSize",
    message = "pool.minSize must not be larger than pool.maxSize")
@ValidationRule(
    value = "!has(self.timeout) || self.timeout.matches('^[0-9]{1,6}(ms|s|m)$')",
    fieldPath = ".timeout",
    message = "pool.timeout must be a whole number with the unit ms, s or m, for example 30s")
@ValidationRule(
    value = "!has(self.recycle) || self.recycle.matches('^[0-9]{1,6}(s|m)$')",
    fieldPath = ".recycle",
    message = "pool.recycle must be a whole number with the unit s or m, for example 30m")
@ValidationRule(
    value = "!has(self.connectTimeout) || self.connectTimeout.matches('^[1-9][0-9]{0,2}s$')",
    fieldPath = ".connectTimeout",
    message = "pool.connectTimeout must be whole seconds from 1s to 999s, for example 10s")
public record PoolSpec(
    @JsonPropertyDescription("Connections kept open.") @Min(0) @Max(10000)
        @Nullable Integer minSize,
    @JsonPropertyDescription("Connections at most, without overflow.") @Min(1) @Max(10000)
        @Nullable Integer maxSize,
    @JsonPropertyDescription("Further connections for a moment.") @Min(0) @Max(10000)
        @Nullable Integer maxOverflow,
    @JsonPropertyDescription("How long the application waits for a connection, for example 30s.")
        @Size(max = 16)
        @Nullable String timeout,
    @JsonPropertyDescription(
            "After how long the application replaces a connection by a new one, for example 30m.")
        @Size(max = 16)
        @Nullable String recycle,
    @JsonPropertyDescription(
            "How long a driver tries to connect to PostgreSQL, for example 10s. Told to drivers that take it: by"
                + " PGCONNECT_TIMEOUT, and in the forms for libpq, psycopg, Go, JDBC and Npgsql. Default: they are told"
                + " nothing.")
        @Size(max = 16)
        @Nullable String connectTimeout,
    @JsonPropertyDescription(
            "How many such pools each pod of the application has, for example one for each of its processes. Only"
                + " counted, for the condition ConnectionBudget.")
        @Default("1")
        @Min(1)
        @Max(1000)
        @Nullable Integer enginesPerReplica) {}
