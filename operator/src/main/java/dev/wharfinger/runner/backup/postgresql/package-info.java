/** One PostgreSQL database: dumped by its own programs from one snapshot, and restored by them. */
@NullMarked
package dev.wharfinger.runner.backup.postgresql;

import org.jspecify.annotations.NullMarked;
