/**
 * Moves a SQLite database to PostgreSQL: every value arrives exactly as the rules say, proven
 * before commit, or nothing.
 */
@NullMarked
package dev.wharfinger.runner.transfer;

import org.jspecify.annotations.NullMarked;
