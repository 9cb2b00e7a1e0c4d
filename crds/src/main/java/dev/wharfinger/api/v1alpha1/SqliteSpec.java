package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQLite database files on one volume.
 *
 * @param storage the volume
 * @param databases file names inside the volume; the first is the main one
 * @param journalMode how the files are created
 * @param synchronous SQLite's word, told to the application
 * @param busyTimeout how long a writer waits for the lock, told to the application
 * @param inMemory no volume at all: the application keeps its database in memory
 * @param runAsUser the application's uid, owner of the files
 * @param runAsGroup the application's gid
 */
@ValidationRule(
    value = "!has(self.databases) || self.databases.all(d, self.databases.exists_one(e, e == d))",
    fieldPath = ".databases",
    message = "sqlite.databases names a file twice")
@ValidationRule(
    value =
        "!has(self.databases) || self.databases.all(d, d.matches('^[A-Za-z0-9][A-Za-z0-9._-]*$') &&"
            + " !d.matches('-(wal|shm|journal)$'))",
    fieldPath = ".databases",
    message =
        "sqlite.databases takes file names such as app.db: letters, digits, '.', '_' and '-', no path, and none of"
            + " the endings -wal, -shm and -journal, which are SQLite's own")
@ValidationRule(
    value = "!has(self.synchronous) || self.synchronous in ['OFF', 'NORMAL', 'FULL', 'EXTRA']",
    fieldPath = ".synchronous",
    message = "sqlite.synchronous must be OFF, NORMAL, FULL or EXTRA")
@ValidationRule(
    value = "!has(self.busyTimeout) || self.busyTimeout.matches('^[0-9]{1,6}(ms|s|m)$')",
    fieldPath = ".busyTimeout",
    message = "sqlite.busyTimeout must be a whole number with the unit ms, s or m, for example 5s")
public record SqliteSpec(
    @JsonPropertyDescription("The volume that holds the files.") @Nullable StorageSpec storage,
    @JsonPropertyDescription(
            "Database files in the volume, names without a path. The first is the main one. Default: <name>.db")
        @Size(max = 8)
        @Nullable List<@Size(min = 1, max = 63) String> databases,
    @JsonPropertyDescription("Journal mode the files are created with: WAL or DELETE.")
        @Default("WAL")
        @Nullable JournalMode journalMode,
    @JsonPropertyDescription(
            "SQLite's synchronous setting, told to the application: OFF, NORMAL, FULL or EXTRA.")
        @Default("NORMAL")
        @Size(max = 16)
        @Nullable String synchronous,
    @JsonPropertyDescription(
            "How long a writer waits for the lock, for example 5s; told to the application.")
        @Default("5s")
        @Size(max = 16)
        @Nullable String busyTimeout,
    @JsonPropertyDescription(
            "Keep the database in the application's memory: no volume, no backup, no switch.")
        @Nullable Boolean inMemory,
    @JsonPropertyDescription("The application's uid, owner of the files.")
        @Default("65532")
        @Min(1)
        @Max(2147483647)
        @Nullable Long runAsUser,
    @JsonPropertyDescription("The application's gid, group of the files.")
        @Default("65532")
        @Min(1)
        @Max(2147483647)
        @Nullable Long runAsGroup) {}
