/** Moves a PostgreSQL database into a SQLite file: all of it, or nothing. */
@NullMarked
package dev.wharfinger.runner.transfer.backward;

import org.jspecify.annotations.NullMarked;
