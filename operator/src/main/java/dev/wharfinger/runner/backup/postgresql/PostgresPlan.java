package dev.wharfinger.runner.backup.postgresql;

import dev.wharfinger.runner.backup.ManifestHead;
import dev.wharfinger.runner.backup.sqlite.VolumeFiles;
import dev.wharfinger.runner.transfer.postgresql.PostgresUrl;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be backed up.
 *
 * @param head of the manifest
 * @param source the database
 * @param programs directories in which PostgreSQL's programs are looked for first
 * @param files of a volume that belong to it, or null
 */
public record PostgresPlan(
    ManifestHead head, PostgresUrl source, List<Path> programs, VolumeFiles.@Nullable Plan files) {}
