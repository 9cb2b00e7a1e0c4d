package dev.wharfinger.operator.migration;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pod that is none of this migration's own, has not ended, and mounts the data or belongs to a
 * consumer.
 *
 * @param name its name
 * @param created when it was created
 * @param mountsData whether it mounts the data claim
 * @param consumer {@link Consumer#label()} of the consumer it belongs to, or null for a stray one
 */
public record ForeignPod(
    String name, Instant created, boolean mountsData, @Nullable String consumer) {}
