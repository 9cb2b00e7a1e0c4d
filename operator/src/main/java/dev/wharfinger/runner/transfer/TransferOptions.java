package dev.wharfinger.runner.transfer;

import dev.wharfinger.runner.transfer.large.LargeOptions;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * What a transfer is asked to do.
 *
 * @param source the SQLite file
 * @param target the PostgreSQL database
 * @param targetSchema schema of the target; empty for the role's first
 * @param operation key of the marker; empty for one made of source, its state, and target
 * @param dryRun try every value, write nothing
 * @param derive make the schema from the source's; otherwise only where the target has no tables
 * @param replaceTargetRows whether rows that stand in the target's tables may be replaced
 * @param replaceFormerTransfer whether that goes for what another transfer brought there too
 * @param policies what was decided for what cannot be moved as it is
 * @param snapshotDirectory where to copy the source first; empty for reading it directly
 * @param large when and how the transfer is done in chunks
 */
public record TransferOptions(
    Path source,
    PostgresUrl target,
    Optional<String> targetSchema,
    Optional<UUID> operation,
    boolean dryRun,
    boolean derive,
    boolean replaceTargetRows,
    boolean replaceFormerTransfer,
    Policies policies,
    Optional<Path> snapshotDirectory,
    LargeOptions large) {}
