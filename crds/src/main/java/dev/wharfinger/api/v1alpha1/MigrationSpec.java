package dev.wharfinger.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How data are moved.
 *
 * @param policies what shall become of what cannot be moved as it is
 * @param back what going back to SQLite means
 * @param large whether a move to PostgreSQL is done in chunks
 * @param formats in which formats columns are written on the way back to SQLite
 */
public record MigrationSpec(
    @JsonPropertyDescription(
            "What shall become of values and rows that PostgreSQL would not take as they are. Without a policy the"
                + " move is refused. Copied into the StorageMigration when a move begins.")
        @Size(max = 64)
        @Nullable List<MigrationPolicy> policies,
    @JsonPropertyDescription(
            "What going back to SQLite means. copy, the default: PostgreSQL's rows are copied into a new file. rollback:"
                + " the file of before the move to PostgreSQL is taken again as it stands, and rows written on PostgreSQL"
                + " since stay behind there; nothing is stopped until the annotation wharfinger.dev/accept-loss allows"
                + " it. Copied into the StorageMigration when a move begins.")
        @Nullable Back back,
    @JsonPropertyDescription(
            "Whether a move to PostgreSQL is done in chunks that a new pod can go on with, instead of one transaction:"
                + " auto, always or never. auto, the default, does that from 20 GB on. Copied into the"
                + " StorageMigration when a move begins.")
        @Nullable Large large,
    @JsonPropertyDescription(
            "In which formats columns are written on the way back to SQLite, where the file's own values do not tell."
                + " Copied into the StorageMigration when a move back begins.")
        @Size(max = 64)
        @Nullable List<MigrationFormat> formats) {}
