package dev.wharfinger.operator.migration;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pod that is none of this migration's own, has not ended, and reaches the data or belongs to a
 * consumer.
 *
 * @param name its name
 * @param created when it was created
 * @param reachesData whether it mounts the data claim or, where the data is on a server, reads the
 *     binding
 * @param consumer {@link Consumer#label()} of the consumer it belongs to, or null for a stray one
 */
public record ForeignPod(
    String name, Instant created, boolean reachesData, @Nullable String consumer) {}
