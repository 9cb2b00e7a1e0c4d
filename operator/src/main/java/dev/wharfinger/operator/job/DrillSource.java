package dev.wharfinger.operator.job;

import dev.wharfinger.api.v1alpha1.S3TargetSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The set that is to be restored for a try, and what for.
 *
 * @param claim the claim with the set; null for a bucket
 * @param s3 the bucket with the set; null for a claim
 * @param prefix the whole folder in it
 * @param set what the set is called
 * @param room how much a try may take on its node
 * @param identity Secret with the private key of an encrypted set; null for one in clear
 * @param identityKey its key
 * @param timeout how long a try may take
 */
public record DrillSource(
    @Nullable String claim,
    @Nullable S3TargetSpec s3,
    String prefix,
    String set,
    Quantity room,
    @Nullable String identity,
    String identityKey,
    Duration timeout) {}
