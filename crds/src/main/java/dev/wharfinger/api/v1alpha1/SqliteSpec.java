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
 * @param journalMode how the files are created; the file keeps it
 * @param synchronous SQLite's word, per connection; told to the application in the binding
 * @param busyTimeout how long a connection waits for a lock; told to the application in the binding
 * @param inMemory no volume at all: the application keeps its database in memory
 * @param runAsUser the application's uid, owner of the files
 * @param runAsGroup the application's gid
 * @param optionalDatabases those of {@code databases} that the application makes itself
 * @param unmovedDatabases those of {@code databases} that stay files whatever the backend is
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
    value =
        "!has(self.optionalDatabases) || self.optionalDatabases.all(o, has(self.databases) &&"
            + " self.databases.exists(d, d == o) && self.databases[0] != o)",
    fieldPath = ".optionalDatabases",
    message =
        "sqlite.optionalDatabases takes names that sqlite.databases has too, other than the first, which is always made")
@ValidationRule(
    value =
        "!has(self.unmovedDatabases) || self.unmovedDatabases.all(u, has(self.databases) &&"
            + " self.databases.exists(d, d == u) && self.databases[0] != u)",
    fieldPath = ".unmovedDatabases",
    message =
        "sqlite.unmovedDatabases takes names that sqlite.databases has too, other than the first, which is the one that"
            + " moves")
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
    @JsonPropertyDescription(
            "Journal mode the files are created with: WAL or DELETE. It is kept in the file; one that exists is not"
                + " changed.")
        @Default("WAL")
        @Nullable JournalMode journalMode,
    @JsonPropertyDescription(
            "SQLite's synchronous setting: OFF, NORMAL, FULL or EXTRA. SQLite has it per connection and not in the"
                + " file, so the operator cannot set it: it stands in the binding Secret under the key synchronous,"
                + " and the application sets it with PRAGMA synchronous.")
        @Default("NORMAL")
        @Size(max = 16)
        @Nullable String synchronous,
    @JsonPropertyDescription(
            "How long a connection waits for a lock, for example 5s. SQLite has it per connection and not in the file,"
                + " so the operator cannot set it: it stands in the binding Secret under the key busy-timeout-ms, in"
                + " milliseconds, and the application sets it with PRAGMA busy_timeout.")
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
        @Nullable Long runAsGroup,
    @JsonPropertyDescription(
            "Those of databases that the application makes itself once it needs them: the operator makes no file, and"
                + " none is missed. They stand in the binding like the others.")
        @Size(max = 8)
        @Nullable List<@Size(min = 1, max = 63) String> optionalDatabases,
    @JsonPropertyDescription(
            "Those of databases that no move takes along: the application uses them as files on the volume, whatever the"
                + " backend is, and keeps the volume mounted. They stand in the binding on both backends.")
        @Size(max = 8)
        @Nullable List<@Size(min = 1, max = 63) String> unmovedDatabases) {}
