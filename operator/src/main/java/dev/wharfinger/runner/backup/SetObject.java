package dev.wharfinger.runner.backup;

/**
 * An object of a set.
 *
 * @param name below the set, for example {@code database-1.gz.age}
 * @param bytes as stored
 * @param sha256 of the stored bytes, which are encrypted where the set is
 */
public record SetObject(String name, long bytes, String sha256) {}
