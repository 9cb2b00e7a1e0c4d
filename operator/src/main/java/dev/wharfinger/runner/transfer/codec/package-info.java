/** One value at a time: from SQLite's storage classes to PostgreSQL's binary formats. */
@NullMarked
package dev.wharfinger.runner.transfer.codec;

import org.jspecify.annotations.NullMarked;
