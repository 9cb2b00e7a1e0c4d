package dev.wharfinger.runner.backup.drill;

import java.time.Duration;
import java.util.List;

/**
 * What a drill that succeeded has found.
 *
 * @param restore how long the restore took, from the target to files in their places
 * @param compared how many files, or tables of PostgreSQL, were compared after it
 * @param noticed the damages that were made on purpose, all of which were noticed
 */
public record DrillFindings(Duration restore, long compared, List<String> noticed) {}
