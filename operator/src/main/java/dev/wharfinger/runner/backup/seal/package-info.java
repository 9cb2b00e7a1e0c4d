/** Encryption to recipients, and fingerprints of keys. */
@NullMarked
package dev.wharfinger.runner.backup.seal;

import org.jspecify.annotations.NullMarked;
