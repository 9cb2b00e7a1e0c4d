package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
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
        "!has(oldSelf.databases) || size(oldSelf.databases) == 0 || (has(self.databases) && size(self.databases) > 0"
            + " && self.databases[0] == oldSelf.databases[0])",
    fieldPath = ".databases",
    message =
        "the first of sqlite.databases is the main database and is fixed; add further files after it")
@ValidationRule(
    value = "(has(self.inMemory) && self.inMemory) == (has(oldSelf.inMemory) && oldSelf.inMemory)",
    fieldPath = ".inMemory",
    message = "sqlite.inMemory is fixed: make another StorageInstance instead")
public record SqliteSpec(
    @JsonPropertyDescription("The volume that holds the files.") @Nullable StorageSpec storage,
    @JsonPropertyDescription(
            "Database files in the volume, names without a path. The first is the main one. Default: <name>.db")
        @Size(max = 8)
        @Nullable List<@Pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$") @Size(max = 63) String>
            databases,
    @JsonPropertyDescription("Journal mode the files are created with: WAL or DELETE.")
        @Default("WAL")
        @Nullable JournalMode journalMode,
    @JsonPropertyDescription(
            "SQLite's synchronous setting, told to the application: OFF, NORMAL, FULL or EXTRA.")
        @Default("NORMAL")
        @Pattern("^(OFF|NORMAL|FULL|EXTRA)$")
        @Size(max = 6)
        @Nullable String synchronous,
    @JsonPropertyDescription(
            "How long a writer waits for the lock, for example 5s; told to the application.")
        @Default("5s")
        @Pattern("^[0-9]{1,6}(ms|s|m)$")
        @Size(max = 8)
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
