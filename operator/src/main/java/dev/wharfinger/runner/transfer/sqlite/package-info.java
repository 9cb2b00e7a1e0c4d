/** The SQLite side: reads, locks, never writes. */
@NullMarked
package dev.wharfinger.runner.transfer.sqlite;

import org.jspecify.annotations.NullMarked;
