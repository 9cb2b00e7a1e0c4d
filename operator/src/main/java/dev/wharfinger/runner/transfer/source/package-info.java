/** The SQLite side: reads, locks, never writes. */
@NullMarked
package dev.wharfinger.runner.transfer.source;

import org.jspecify.annotations.NullMarked;
