/** Moves a SQLite database into PostgreSQL: exactly as the rules say, or not at all. */
@NullMarked
package dev.wharfinger.runner.transfer;

import org.jspecify.annotations.NullMarked;
