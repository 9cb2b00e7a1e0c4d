package dev.wharfinger.runner.transfer.backward;

import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a move back is asked to do.
 *
 * @param source the PostgreSQL database
 * @param schema schema of the source; empty for the role's first
 * @param target the SQLite file
 * @param operation key of the record in the file
 * @param dryRun do everything but put the file in its place
 * @param derive make the schema from PostgreSQL's, although there is a file to take it from
 * @param like file to take schema and formats from; the target itself where empty
 * @param compare file whose rows are counted against PostgreSQL's
 * @param profile formats of columns that were found out before, {@code table.column} to names
 * @param formats formats that somebody chose, {@code table.column} or {@code *} to a name
 * @param otherSessions whether other sessions of the role may be connected
 */
public record BackwardOptions(
    PostgresUrl source,
    Optional<String> schema,
    Path target,
    UUID operation,
    boolean dryRun,
    boolean derive,
    Optional<Path> like,
    Optional<Path> compare,
    Map<String, List<String>> profile,
    Map<String, String> formats,
    boolean otherSessions) {}
