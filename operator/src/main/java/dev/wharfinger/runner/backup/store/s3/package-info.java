/** Sets in a bucket of a store that speaks S3. Nothing else knows the client's library. */
@NullMarked
package dev.wharfinger.runner.backup.store.s3;

import org.jspecify.annotations.NullMarked;
