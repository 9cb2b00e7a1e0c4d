package dev.wharfinger.runner.transfer;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to move where.
 *
 * @param source the SQLite file
 * @param target the PostgreSQL database
 * @param operation uuid of the move, key of its marker
 * @param dryRun try everything, write nothing
 * @param derive make tables where the target has none
 * @param replaceRows rows that the target's own migrations made give way to the source's
 * @param snapshotDirectory where to put a verified copy that is read instead of the source, or null
 * @param report file for the report, or null
 */
public record TransferRequest(
    Path source,
    PostgresqlTarget target,
    String operation,
    boolean dryRun,
    boolean derive,
    boolean replaceRows,
    @Nullable Path snapshotDirectory,
    @Nullable Path report) {}
