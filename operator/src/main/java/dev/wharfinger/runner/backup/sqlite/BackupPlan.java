package dev.wharfinger.runner.backup.sqlite;

import dev.wharfinger.runner.backup.ManifestHead;
import dev.wharfinger.runner.backup.seal.Recipients;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is to be backed up.
 *
 * @param directory that everything lies in
 * @param databases relative to it
 * @param extraPaths relative to it; {@code .} for all of it
 * @param instance whose backup it is
 * @param id name of the set
 * @param recipients who can read it
 * @param keys files of the application's keys, by name, of which only fingerprints are kept
 * @param scratch where copies lie until they are stored
 * @param mayBlock whether the application may be kept from committing for the time of a copy
 */
public record BackupPlan(
    Path directory,
    List<String> databases,
    List<String> extraPaths,
    String instance,
    String id,
    Recipients recipients,
    Map<String, Path> keys,
    Path scratch,
    boolean mayBlock) {

  /** What its manifest says first. */
  public ManifestHead head(Instant startedAt) {
    return new ManifestHead(id, instance, recipients, keys, startedAt);
  }

  /** Whether an extra path holds {@code place}, so that it would get into the set itself. */
  public boolean holds(Path place) {
    return extraPaths.stream()
        .anyMatch(path -> place.normalize().startsWith(directory.resolve(path).normalize()));
  }
}
